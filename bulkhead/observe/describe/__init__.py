"""Answers of describe-* calls -> a Network: one file for each kind of resource."""
