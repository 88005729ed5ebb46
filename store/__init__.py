"""Our database: dossiers, the ledger of every observed change, runs, quarantine, people. The only SQL on our tables."""
