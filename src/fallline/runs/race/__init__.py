"""The race: optimizers on workloads, over seeds, each tuned with the same budget, in several tools."""
