"""Who sits in which zone on one day: a pure engine of arrays in and arrays out.

It knows no framework, no tables and no clock, and is imported only by the background worker.
"""
