"""What one answer stands for, and what the silent could change."""
