"""A library of research papers: a SQLite record, a search index beside it, import and export.

The package prints nothing and reads no configuration and no environment: it is given paths,
values and a clock. `store.library.Library` is the way in.
"""
