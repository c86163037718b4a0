"""AGORA's URLs, a file for each part of the API."""
