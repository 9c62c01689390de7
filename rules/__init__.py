"""The rules: one file each, a package a family."""
