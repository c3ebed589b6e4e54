"""Clinic: small trainings that can fall sick, the signs that are measured on them, and the name that the signs give."""

from __future__ import annotations

from fallline.engine.train.clinic.chart import Chart, train
from fallline.engine.train.clinic.diagnose import SICKNESSES, Diagnosis, diagnose
from fallline.engine.train.clinic.patient import MODELS, Patient
from fallline.engine.train.clinic.signs import Signs, measure
from fallline.engine.train.clinic.treatment import Treatment

__all__ = [
    "MODELS",
    "SICKNESSES",
    "Chart",
    "Diagnosis",
    "Patient",
    "Signs",
    "Treatment",
    "diagnose",
    "measure",
    "train",
]
