"""Offices at work: arrivals, officers, queues and routes give the truth; what sources make of it is another matter.

scenario → demand → ways → engine (queues) or drawn (columns alone) → fate: the truth; lies → shown: what is seen.
"""
