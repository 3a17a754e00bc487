"""Invented medicines by the thousand, published as real ones are, to try the service at size."""
