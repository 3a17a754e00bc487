"""Weaker or other review workflows: a decision by two people."""
