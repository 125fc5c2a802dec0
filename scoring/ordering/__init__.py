"""How sure an order of units is."""
