"""The workplace manager's pages: locations, days, plans."""
