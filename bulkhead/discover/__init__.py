"""Where does ZeroMQ cross the network? One kind of evidence a folder, each a value of its own.

Nothing of what is looked at is ever run, imported or changed.
"""
