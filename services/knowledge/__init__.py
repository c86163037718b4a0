"""Facts with a source: offices, tariffs, frequent questions, zones, and the few texts used outside Rasa."""
