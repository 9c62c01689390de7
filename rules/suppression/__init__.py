"""Rules about suppressions: each must have an effect and a reason."""
