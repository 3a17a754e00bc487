"""The colours of the style sheet itself, which a brand changes some of."""

import re
from functools import lru_cache
from pathlib import Path

from monographs.core.brand.contrast import COLOUR

_TOKENS = Path(__file__).parents[3] / "static" / "css" / "public" / "tokens.css"
LIGHT, DARK = "light", "dark"
_DARK_PREFERENCE = "@media (prefers-color-scheme: dark)"
_PROPERTY = re.compile(rf"--([\w-]+): ({COLOUR.pattern});", re.IGNORECASE)


@lru_cache(maxsize=1)
def default_colours() -> dict[str, dict[str, str]]:
    """Return colours by mode and name."""
    light, dark = _TOKENS.read_text("utf-8").split(_DARK_PREFERENCE)
    colours = {name: value.lower() for name, value in _PROPERTY.findall(light)}
    return {LIGHT: colours, DARK: {**colours, **{n: v.lower() for n, v in _PROPERTY.findall(dark)}}}
