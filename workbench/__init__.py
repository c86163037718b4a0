"""The conversation designers' workbench: talk with María, check what was written, label what she missed."""
