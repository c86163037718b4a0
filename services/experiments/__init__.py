"""A/B comparisons: which variant a contact gets. What came of it is recorded by whoever counts events."""
