"""An AWS for one machine: moto plus the strictness it lacks, and the Pulumi provider for it."""
