"""The sentences María learns from and is measured on, with the file and line each stands in. Needs no Rasa."""
