"""The reader's decisions as text: dumps and lists of edits, written, read and carried out."""
