"""How many have answered: counters, console and forecast. Never who."""
