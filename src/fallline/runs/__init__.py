"""Spec → Run → Record: the one place where the engine's parts meet."""
