"""JSON Schemas, as package data: shape only; meaning stays in rules."""
