"""Who works here: invitations, rights, second factor, and the history of changes."""
