"""A run while it works: ``/runs/ID`` and its events."""
