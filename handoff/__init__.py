"""AGORA, CEA's Chatwoot: the desk where people answer (agora.md)."""
