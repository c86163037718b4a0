"""Who is asking: evidence per contact and contract, with an expiry. Every check fails closed."""
