"""How messages enter Rasa and replies leave it, and what it remembers of a conversation."""
