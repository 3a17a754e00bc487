"""Demonstration accounts and content, published through the real way through.

Invented texts (``synthetic``) are signed by a reviewer who does not exist, to try the service at size.
"""
