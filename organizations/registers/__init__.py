"""Clients of the public company registers: what each is asked, and how its answer is read.

They speak to the outside alone: no database, no transaction. Whatever is not a clear answer is
`answers.Unavailable`, never "invalid".
"""
