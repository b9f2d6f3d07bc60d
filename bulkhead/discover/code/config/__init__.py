"""Configuration that feeds programs: what its keys hold, and which code reads them."""
