"""The English of the screens: whole, agreeing with the Vietnamese, and never of the data."""
