"""What starts: one file a process."""
