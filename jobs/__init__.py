"""What runs without a reader: load, sync, rebuild, report, the scheduler process and the command line."""
