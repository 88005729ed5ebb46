"""One dossier explained: promises, days, clocks, and the same standing as every figure."""
