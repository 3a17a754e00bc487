"""A brand as CSS: custom properties in place of the default ones, and its logo."""

from collections.abc import Iterator, Mapping

from monographs.core.brand.brand import Brand
from monographs.core.brand.default_colours import DARK, LIGHT
from monographs.core.brand.fonts import FONT_STACKS

#: Height of the logo, which leaves room for the name on a small screen with large text, and its most width.
_LOGO_HEIGHT, _LOGO_WIDTH = "min(2.25rem, 11vw)", "min(60vw, 20rem)"
_OUT_OF_SIGHT = (
    "position: absolute",
    "inline-size: 1px",
    "block-size: 1px",
    "overflow: hidden",
    "clip-path: inset(50%)",
    "white-space: nowrap",
)
_NOT_SHOWN = ("display: none",)


def brand_css(brand: Brand) -> str:
    """Return the rules that follow the default custom properties; empty for the default look."""
    return "\n".join(_rules(brand)) if brand.has_styles else ""


def _rules(brand: Brand) -> Iterator[str]:
    fonts = {"text-font": FONT_STACKS[brand.text], "heading-font": FONT_STACKS[brand.headings]}
    light, dark = brand.colours.get(LIGHT, {}), brand.colours.get(DARK, {})
    # What only the light mode changes must not hide the default of the dark mode
    kept = {name: brand.all_colours[DARK][name] for name in light}
    yield _properties({**fonts, **light})
    yield f"@media (prefers-color-scheme: dark) {{\n{_properties({**kept, **dark})}\n}}"
    if "frame" in brand.logos:
        yield from _logo(brand)


def _properties(values: Mapping[str, str]) -> str:
    return ":root {\n" + "\n".join(f"--{name}: {value};" for name, value in values.items()) + "\n}"


def _logo(brand: Brand) -> Iterator[str]:
    frame, paper = brand.logos["frame"], brand.logos.get("paper")
    # The name stays beside the logo where it takes two lines
    yield (
        ".header .header__name {\ndisplay: flex;\nalign-items: center;\n}\n"
        ".header__name > span {\nmin-inline-size: 0;\noverflow-wrap: anywhere;\n}\n"
        ".header__name::before {\n"
        'content: "";\n'
        "flex: none;\n"
        f"block-size: {_LOGO_HEIGHT};\n"
        f"aspect-ratio: {frame.ratio:.3f};\n"
        f"max-inline-size: {_LOGO_WIDTH};\n"
        "margin-inline-end: 0.6em;\n"
        f'background: url("{frame.address}") center / contain no-repeat;\n'
        "}"
    )
    if dark := brand.logos.get("dark"):
        yield _in(
            "(prefers-color-scheme: dark)",
            ".header__name::before",
            f'background-image: url("{dark.address}")',
        )
    if brand.logo_says_name:
        # The name stays as text for readers who chose their own colours, which may hide the logo
        media = "screen and (forced-colors: none)" + (", print" if paper else "")
        yield _in(media, ".header__name > span", *_OUT_OF_SIGHT)
    shown = (
        (f'background-image: url("{paper.address}")', "print-color-adjust: exact") if paper else _NOT_SHOWN
    )
    yield _in("print", ".header__name::before", *shown)


def _in(media: str, selector: str, *declarations: str) -> str:
    body = "".join(f"{declaration};\n" for declaration in declarations)
    return f"@media {media} {{\n{selector} {{\n{body}}}\n}}"
