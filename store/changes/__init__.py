"""Changes to papers as values, their journal, and taking them back."""
