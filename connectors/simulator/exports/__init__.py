"""The dossiers of the simulator in the forms in which offices hand them out, each with the mapping that reads it."""
