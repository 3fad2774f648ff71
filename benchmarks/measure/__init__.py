"""Measures a running Nightsafe through its public API."""
