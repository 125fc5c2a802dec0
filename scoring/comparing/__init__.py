"""Which differences between scores are shown as such."""
