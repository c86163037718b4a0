"""The whole of María as processes, for the tests that need her whole."""
