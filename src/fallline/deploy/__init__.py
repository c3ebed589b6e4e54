"""The service: predictions of one Record over HTTP."""
