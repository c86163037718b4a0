"""Parse what comes in, render what goes out, send it. Flow code never asks which channel it is on."""
