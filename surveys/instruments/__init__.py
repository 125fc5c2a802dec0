"""What is asked: authoring, checks, versions, files, and the sheet of slots."""
