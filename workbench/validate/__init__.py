"""`make validate`: what designers can get wrong in `data/` and `tests/`, with the place and what to do about it."""
