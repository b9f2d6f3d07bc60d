"""The keys that may be left out, so that they may be said once for many, too."""
