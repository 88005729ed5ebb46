"""Who signs in, how, for how long, and who may change that."""
