"""stackproof: proofreads what a team delivers to AWS."""
