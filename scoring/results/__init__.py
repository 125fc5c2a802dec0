"""From private scores to what is shown: disclosure, release, pages, files."""
