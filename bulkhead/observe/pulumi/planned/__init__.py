"""Resources as a preview plans them, most of whose ids and answers are yet to come.

`steps` folds the steps of a preview into what will stand; `references` fills in who
is meant by an id that does not exist yet; `to_come` adds what AWS will choose.
"""
