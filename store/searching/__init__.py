"""Answering queries: from memory what needs no words, by the index what does."""
