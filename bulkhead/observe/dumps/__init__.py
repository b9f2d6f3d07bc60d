"""Files and folders of describe-* answers."""
