"""What lies outside of the program: files, the reader's editor, and other programs."""
