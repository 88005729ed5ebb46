"""What an auditor tried to break and could not: expectations typed by hand, against the clocks and figures."""
