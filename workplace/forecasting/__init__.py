"""How many come, and who: a pure engine of numbers in, numbers out, without tables and clock.

It needs numpy, so that only the background worker loads it.
Source: design, forecasting, section 7.
"""
