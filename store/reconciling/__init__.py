"""Merging what was decided on two machines, as texts."""
