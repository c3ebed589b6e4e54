"""Assessments: ``/assessments/SLUG``, where a quiz is sat and an activity handed in."""
