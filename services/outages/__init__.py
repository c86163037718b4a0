"""Where water is or will be missing, from CEA's feed (docs/adr/0005-outage-feed.md)."""
