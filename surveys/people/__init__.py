"""Who is asked: registers, personal codes, and what one person may ask of us."""
