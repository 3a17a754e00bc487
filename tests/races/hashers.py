"""The production's password hasher; ``RACES_ITERATIONS`` makes a long run of races affordable."""

import os

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class RaceHasher(PBKDF2PasswordHasher):
    """PBKDF2 as in production, with its number of iterations unless the environment says fewer."""

    iterations = int(os.environ.get("RACES_ITERATIONS", PBKDF2PasswordHasher.iterations))
