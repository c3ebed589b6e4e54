"""A week: ``/weeks/N``."""
