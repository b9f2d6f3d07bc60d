"""Is what was measured what was proved? Proof, declaration and measurement side by side."""
