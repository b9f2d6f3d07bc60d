"""What a fabric takes of a preview and an update, beside the same resources written flat.

Flat is what a person writes who names every resource with its options, and no component. Where
AWS is asked something answers at once, so that what AWS takes is beside all figures.
"""
