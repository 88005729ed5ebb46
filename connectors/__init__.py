"""Other systems → our dossier frame: fetch, translate, check; what cannot be used goes to quarantine with its why."""
