"""Help: ``/help``."""
