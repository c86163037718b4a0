"""A message is read whole and in parts: its two halves, its lines, and what follows its greeting.

`halves`, `lines` and `after_greeting` say where parts are, `components` has them read and says what they were read for.
"""
