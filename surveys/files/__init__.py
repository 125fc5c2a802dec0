"""Tables in and out, and long work over them."""
