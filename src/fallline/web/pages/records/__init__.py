"""Records: ``/records``, ``/records/ID``, ``/records/compare``."""
