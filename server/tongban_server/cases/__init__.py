"""What the clerk asks and decides: the identity checks and the outcome."""
