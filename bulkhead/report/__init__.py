"""Plans, proofs, judgements and drills, for people (console) and for programs (JSON)."""
