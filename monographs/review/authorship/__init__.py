"""Authorship by passage: who wrote what the stored content of a page says, followed through every revision.

Nothing here decides alone who may sign. It decides who is recorded as a contributor, and of whom nothing is
left (``review/contributors``). Whatever cannot be followed excludes everybody who saved it.
"""
