"""Fall Line: the course *Machine Learning Optimization Strategies* as running software."""
