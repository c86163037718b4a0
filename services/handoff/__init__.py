"""A person takes a conversation over and gives it back; whose inbox that person works in is somebody else's affair."""
