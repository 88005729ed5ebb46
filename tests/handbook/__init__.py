"""The catalogue of figures, the handbook made of it, and the settings both are read from."""
