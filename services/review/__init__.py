"""What María did not understand, kept masked and for a limited time, for designers to label (`make review`)."""
