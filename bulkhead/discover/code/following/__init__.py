"""What an expression may be, followed through names, fields, calls and files.

A row of classes, each of which follows some forms and knows those before it; `evaluate` has them
all.
"""
