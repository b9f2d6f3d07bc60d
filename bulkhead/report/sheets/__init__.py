"""An answer of a verb as a `Sheet`: one adapter a verb, and names by which things stay known."""
