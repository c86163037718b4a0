"""From stored messages to stored replies: one conversation at a time, in order, each turn once."""
