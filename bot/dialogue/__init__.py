"""What comes next: errands as data, a pure plan, and the Rasa policy around it."""
