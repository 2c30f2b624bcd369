"""The planning board: the rooms of a site side by side, over one day."""
