"""The search language: from what a reader writes to a query as a value, and back."""
