"""Simulated weeks of the whole product in an hour (``make soak``): what grows, what drifts, what is done twice."""
