"""The demo's workplace: one location with a company of many teams, a year of presence, and real plans."""
