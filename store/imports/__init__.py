"""Bringing records in, and making one paper of several."""
