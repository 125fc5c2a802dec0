"""The dated tree of units, its files, and bridges across reorganisations."""
