"""SMS and e-mail. Each vendor has a folder of its own; nothing else speaks to it."""
