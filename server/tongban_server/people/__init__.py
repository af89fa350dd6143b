"""Who may come in: staff, devices, citizens, their sessions and what is personal about them."""
