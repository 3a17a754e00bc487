"""Checks in the background whether the addresses in texts answer."""
