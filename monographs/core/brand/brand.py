"""A brand, and reading it from a folder with the file ``brand.toml`` and pictures."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from monographs.core.brand.brand_error import BrandError
from monographs.core.brand.contrast import COLOUR, Failure, failures
from monographs.core.brand.default_colours import DARK, LIGHT, default_colours
from monographs.core.brand.fonts import FONT_STACKS
from monographs.core.brand.logo import ICON_BYTES, LOGO_BYTES, Logo, read_logo

FILE_NAME, LOCALE_FOLDER = "brand.toml", "locale"
#: What the pictures are for, and their most bytes. ``frame``: on the colour of the page's top, ``dark``: the
#: same in dark mode; ``paper``: on white paper; ``icon``: in the browser's tab.
LOGOS = {"frame": LOGO_BYTES, "dark": LOGO_BYTES, "paper": LOGO_BYTES, "icon": ICON_BYTES}
#: The colours that a brand may choose. How soon to act has the same colours on every site.
COLOURS = tuple(
    "paper tint ink ink-soft line line-strong accent on-accent link link-visited "
    "frame on-frame frame-soft on-frame-soft frame-line".split()
)
NAME_LENGTH, LEGAL_LINES, LEGAL_LENGTH = 60, 3, 200
#: A logo is wide enough to be read and leaves room for the menu.
RATIOS = (0.5, 8)


@dataclass(frozen=True)
class Brand:
    """How a site looks, and the words that its operator is responsible for."""

    name: str = ""
    legal_lines: tuple[str, ...] = ()
    text: str = "sans"
    headings: str = "serif"
    logos: Mapping[str, Logo] = field(default_factory=dict)
    logo_says_name: bool = False
    #: The folder of translations and other words of the interface, and a hash of them.
    locale: Path | None = None
    words: str = ""
    #: Its own colours only, by mode and name.
    colours: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def fingerprint(self) -> str:
        """A hash of all of it, for entity tags."""
        return hashlib.sha256(repr(replace(self, locale=None)).encode()).hexdigest()

    @property
    def has_styles(self) -> bool:
        """Whether the style sheet differs from that of a site without a brand."""
        chosen = (self.text, self.headings) != (Brand.text, Brand.headings)
        return chosen or any(self.colours.values()) or "frame" in self.logos

    @cached_property
    def all_colours(self) -> dict[str, dict[str, str]]:
        """Colours by mode and name, with those of the style sheet where the brand has none."""
        return {mode: {**known, **self.colours.get(mode, {})} for mode, known in default_colours().items()}


#: The look of the style sheet itself.
DEFAULT_BRAND = Brand()


def read_brand(folder: str) -> Brand:
    """Return the brand in ``folder``; the default look without one. Raises ``BrandError``."""
    if not folder:
        return DEFAULT_BRAND
    path = Path(folder) / FILE_NAME
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BrandError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrandError(f"{path} is no TOML file: {error}.") from error
    brand, locale = _brand_of(data, path.parent), path.parent / LOCALE_FOLDER
    if words := _hash_of_words(locale):
        brand = replace(brand, locale=locale, words=words)
    if faults := [_sentence(failure) for failure in failures(brand.all_colours)]:
        raise BrandError("\n".join(faults))
    return brand


def _brand_of(data: dict[str, Any], folder: Path) -> Brand:
    _known(data, ("name", "legal_lines", "type", "logo", "colours"), "")
    kinds = _table(data, "type", ("text", "headings"))
    logo = _table(data, "logo", (*LOGOS, "says_name"))
    says_name = logo.pop("says_name", False)
    if not isinstance(says_name, bool):
        raise BrandError(f"{FILE_NAME}: [logo] says_name is true or false.")
    if (logo.keys() & {"dark", "paper"} and "frame" not in logo) or (says_name and "frame" not in logo):
        raise BrandError(f"{FILE_NAME}: [logo] needs “frame”, the logo at the top of the page.")
    return Brand(
        name=_line(data.get("name", ""), "name", NAME_LENGTH),
        legal_lines=_legal_lines(data.get("legal_lines", [])),
        text=_font("text", kinds.get("text", Brand.text)),
        headings=_font("headings", kinds.get("headings", Brand.headings)),
        logos={use: _logo(folder, use, name) for use, name in logo.items()},
        logo_says_name=says_name,
        colours=_colours(_table(data, "colours", (LIGHT, DARK))),
    )


def _hash_of_words(folder: Path) -> str:
    """A hash of the compiled catalogues of gettext in the folder; empty without any."""
    files = sorted(folder.glob("*/LC_MESSAGES/django.mo"))
    if not files:
        if any(folder.glob("*/LC_MESSAGES/django.po")):
            raise BrandError(
                f"{folder} has no compiled catalogue: run msgfmt -o django.mo django.po beside it."
            )
        return ""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _known(table: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    for name in table:
        if name not in names:
            raise BrandError(f"{FILE_NAME}: {where}{name!r} is not known. It can have: {', '.join(names)}.")


def _table(data: dict[str, Any], name: str, names: tuple[str, ...]) -> dict[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, dict):
        raise BrandError(f"{FILE_NAME}: {name} is a table, which begins with the line [{name}].")
    _known(table, names, f"[{name}] ")
    return dict(table)


def _line(value: Any, name: str, most: int) -> str:
    if not isinstance(value, str) or not value.isprintable() or len(value) > most:
        raise BrandError(f"{FILE_NAME}: {name} is one line of text in quotes, of at most {most} characters.")
    return value.strip()


def _legal_lines(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > LEGAL_LINES:
        raise BrandError(f"{FILE_NAME}: legal_lines is a list of at most {LEGAL_LINES} texts.")
    return tuple(filter(None, (_line(line, "each of legal_lines", LEGAL_LENGTH) for line in value)))


def _font(use: str, name: Any) -> str:
    if name not in FONT_STACKS:
        raise BrandError(f"{FILE_NAME}: [type] {use} is one of: {', '.join(FONT_STACKS)}.")
    return str(name)


def _logo(folder: Path, use: str, name: Any) -> Logo:
    file_name = _line(name, f"[logo] {use}", LEGAL_LENGTH)
    if Path(file_name).name != file_name:
        raise BrandError(f"{FILE_NAME}: [logo] {use} is the name of a file in the same folder, without “/”.")
    logo = read_logo(folder / file_name, LOGOS[use])
    if not RATIOS[0] <= logo.ratio <= RATIOS[1]:
        raise BrandError(
            f"{file_name} is {logo.width:g} by {logo.height:g}. A logo is at most {RATIOS[1]} times as wide "
            "as it is high, and at most twice as high as it is wide. Cut off what is empty around it."
        )
    return logo


def _colours(table: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {mode: dict(_colours_of(mode, colours)) for mode, colours in table.items()}


def _colours_of(mode: str, colours: Any) -> Iterator[tuple[str, str]]:
    where = f"[colours.{mode}]"
    if not isinstance(colours, dict):
        raise BrandError(f"{FILE_NAME}: {where} is a table of names and colours.")
    _known(colours, COLOURS, f"{where} ")
    for name, value in colours.items():
        if not isinstance(value, str) or not COLOUR.fullmatch(value):
            raise BrandError(f"{FILE_NAME}: {where} {name} = {value!r} is no colour, e.g. “#0b6354”.")
        yield name, value.lower()


def _sentence(failure: Failure) -> str:
    mode, pair, ratio = failure
    return (
        f"{FILE_NAME}, [colours.{mode}]: {pair.ink} on {pair.ground} has a contrast of {ratio:.2f} to 1 and "
        f"needs {pair.least:g} to 1 (WCAG 2.2 AA; {pair.what}). Make one of the two lighter or darker."
    )
