"""Helpers for every other package: client addresses, same-origin checks, email after a commit, user types."""
