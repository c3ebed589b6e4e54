"""TensorFlow as this process runs it: one thread, so that sums come out the same, and without its chatter."""

from __future__ import annotations

import os
import warnings
from types import ModuleType

from fallline.core.errors import Unavailable

COMMAND = "pip install 'fallline[keras]'"


def load_tensorflow() -> ModuleType:
    """Imports TensorFlow, 4 s of processor time, and holds it to one thread where it has not computed yet.

    Raises:
        Unavailable: TensorFlow or Keras is not installed, or Keras is set to another backend; says what to do.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # what its C++ says at import is about instruction sets
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # oneDNN reorders sums
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    try:
        with warnings.catch_warnings():
            # TensorFlow's own modules use what NumPy and Python will rename; nobody here can mend that
            warnings.filterwarnings("ignore", category=DeprecationWarning)
            warnings.filterwarnings("ignore", category=FutureWarning)
            import keras
            import tensorflow as tf
    except ImportError as error:
        raise Unavailable(
            f"backend = 'keras' needs TensorFlow and Keras, which are not installed: {COMMAND}"
        ) from error
    if keras.backend.backend() != "tensorflow":
        raise Unavailable(f"Keras computes with {keras.backend.backend()} here: set KERAS_BACKEND=tensorflow.")
    try:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:  # it has computed before, on as many threads as it chose then
        pass
    return tf  # type: ignore[no-any-return]  # TensorFlow has no types
