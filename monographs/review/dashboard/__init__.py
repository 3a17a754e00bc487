"""The review dashboard: every reviewed page and the stage it is at."""
