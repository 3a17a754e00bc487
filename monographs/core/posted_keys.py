"""Primary keys and positions in lists as forms and addresses send them; anything else matches no row."""

import re

#: A primary key: nothing before it, and small enough for a column of any size.
KEY = r"[1-9][0-9]{0,8}"
#: The place of something in a list, from 0.
PLACE = r"0|[1-9][0-9]{0,3}"


def posted_key(value: str) -> int:
    """Return the primary key that a browser sent; 0, which no row has, for anything else."""
    return int(value) if re.fullmatch(KEY, value) else 0


def posted_place(value: str) -> int | None:
    """Return the place in a list that a browser sent, from 0; None for anything else."""
    return int(value) if re.fullmatch(PLACE, value) else None
