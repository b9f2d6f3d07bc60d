"""What AWS refuses and moto accepts: one rule a function, each beside the AWS page that says so."""
