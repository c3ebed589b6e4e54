"""A race shown as code: the winner of a workload, trained in a tool's own words."""
