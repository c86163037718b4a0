"""The action server: one citizen goal a file. An action reads the errand, calls a service, answers with a key."""
