"""A lab: ``/labs/SLUG``."""
