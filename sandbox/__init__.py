"""Wire-compatible stand-ins for every outside system, one folder a system."""
