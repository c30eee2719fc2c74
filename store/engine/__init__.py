"""A Whoosh index whose segments are arrays: written, read and searched by whole arrays at a time.

It knows words, documents and numbers, and nothing of papers. Nothing here is imported before
something is searched or written, as it brings NumPy and Whoosh along.
"""
