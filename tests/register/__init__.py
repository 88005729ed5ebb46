"""The register of procedures: lists read through the connectors' readers, held against it, written, counted."""
