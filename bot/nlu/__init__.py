"""How María understands: a chat normaliser, featurizers, the intent classifier and entities by rule."""
