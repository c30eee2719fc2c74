"""What words are, whatever they are for: stems, slips, names, and TeX as it is read."""
