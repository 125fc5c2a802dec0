"""Careless sheets and signs of steering."""
