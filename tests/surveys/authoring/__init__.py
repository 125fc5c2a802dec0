"""Authoring: drafts, their pages, their files."""
