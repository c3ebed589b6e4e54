"""Executors: who does a batch. `core.executor.SerialExecutor` does it here; these use more of the machine."""
