"""Compression: the exported graph, what it costs, how much of it a person can read, and smaller variants of it."""
