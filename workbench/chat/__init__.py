"""`make chat`: a conversation in the terminal, with what María understood beside each turn."""
