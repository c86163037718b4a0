"""AGORA (a Chatwoot fork): its tickets. Conversations are handed over by `handoff/`."""
