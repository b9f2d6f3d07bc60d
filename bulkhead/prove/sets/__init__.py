"""The machinery of the proof: sets of senders, by port. No doubter imports it."""
