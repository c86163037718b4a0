"""Signed links from the chat to the portal."""
