"""A Pulumi stack: its state, or a preview of what it will be."""
