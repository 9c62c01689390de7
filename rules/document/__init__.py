"""Rules about any file: whether it can be read, and says each thing once."""
