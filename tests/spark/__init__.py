"""Apache Spark on loopback: a real master and two workers."""
