"""Bulkhead: the network around a ZeroMQ fleet, declared, built, proved and drilled."""
