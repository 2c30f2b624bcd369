"""How days and times are written where a page does not say: in English as in Ireland, with 24 hours."""
