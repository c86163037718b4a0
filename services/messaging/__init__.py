"""Messages of our own: what comes in, what goes out, and the two tables that make sure none is lost or doubled."""
