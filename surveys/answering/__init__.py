"""The respondent's way: from a link or code to a receipt."""
