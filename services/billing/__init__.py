"""What is owed, the bills, and the water used: the billing system's numbers made sense of."""
