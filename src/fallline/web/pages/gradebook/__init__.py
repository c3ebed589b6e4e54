"""The gradebook: ``/gradebook``."""
