"""How well María understands: the newest model measured on the frozen sentences of `tests/nlu`."""
