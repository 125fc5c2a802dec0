"""Invitations and reminders, on screens and on paper."""
