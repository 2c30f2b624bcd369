"""What the portal keeps of one person, across all apps, for that person."""
