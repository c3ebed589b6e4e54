"""The syllabus: ``/syllabus``."""
