"""Whether the questionnaire measures, and what goes with an outcome."""
