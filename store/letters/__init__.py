"""Digests as letters: what they say, as plain text, Markdown, HTML, e-mail or a list of edits."""
