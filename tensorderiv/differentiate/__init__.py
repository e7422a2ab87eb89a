"""The laws of differentiation, the table of elementary functions, and the driver that applies them."""
