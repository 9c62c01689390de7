"""IAM policies: what they say, and where they reach."""
