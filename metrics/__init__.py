"""The rules, as pure functions on frames: clocks → standings → daily counts → rates.

No clock, no database, no screen.
"""
