"""Training: one net, trained as a Spec says, with its checkpoints and its best weights."""
