"""Entities by rule: one small pure module a kind, no Rasa in any of them. `extract` runs them all."""
