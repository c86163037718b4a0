"""What happened in conversations, without who or what was said: events, a report over them, comparisons."""
