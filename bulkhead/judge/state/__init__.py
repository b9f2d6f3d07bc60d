"""What stands in an account, held against what was planned, thing by thing and field by field.

`table` says of every field of every thing what it is to a difference; `matching` finds
which thing is which; `differing` walks both; `mending` puts single differences right, so
that `judge.effects` can ask what each of them does.
"""
