"""Which records are of one paper."""
