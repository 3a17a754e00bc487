"""Reading a brand, and every reason to refuse one."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from monographs.core.brand.brand import Brand, read_brand
from monographs.core.brand.brand_css import brand_css
from monographs.core.brand.brand_error import BrandError
from monographs.core.brand.default_colours import DARK, LIGHT, default_colours
from monographs.core.brand.logo import LOGO_BYTES

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{}</svg>'
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x20\x00\x00\x00\x10"


def test_a_site_without_a_brand_has_the_default_look() -> None:
    brand = read_brand("")
    assert brand == Brand()
    assert brand_css(brand) == ""
    assert brand.all_colours == default_colours()


def test_the_sample_brand_changes_name_colours_type_and_logo(sample_brand: Brand) -> None:
    assert sample_brand.name == "Sample Trust"
    assert sample_brand.all_colours[LIGHT]["frame"] == "#f2e6cf"
    assert sample_brand.all_colours[LIGHT]["call-911"] == default_colours()[LIGHT]["call-911"]
    css = brand_css(sample_brand)
    for words in ("--frame: #f2e6cf;", "--text-font: Seravek", 'url("data:image/svg+xml,', "@media print"):
        assert words in css


def test_what_only_light_mode_changes_leaves_dark_mode_as_it_is(brand_folder: Any) -> None:
    folder = brand_folder()
    file = folder / "brand.toml"
    file.write_text('[colours.light]\naccent = "#1d4c78"\n')
    dark = brand_css(read_brand(str(folder))).partition("(prefers-color-scheme: dark)")[2]
    assert f"--accent: {default_colours()[DARK]['accent']};" in dark


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'accent = "#1d4c78"',
            'accent = "#7fb0e0"',
            "[colours.light]: accent on paper has a contrast of 2.2",
        ),
        ('link = "#9fd0ff"', 'link = "#10406a"', "[colours.dark]: link on paper has a contrast of"),
        ('on-frame = "#2b2116"', 'on-frame = "#b0a080"', "on-frame on frame"),
        ('accent = "#1d4c78"', 'accent = "navy"', "accent = 'navy' is no colour"),
        ('accent = "#1d4c78"', 'call-911 = "#1d4c78"', "'call-911' is not known"),
        ('text = "humanist"', 'text = "Comic Sans"', "[type] text is one of: sans, serif"),
        ('name = "Sample Trust"', f'name = "{"x" * 61}"', "at most 60 characters"),
        ('name = "Sample Trust"', 'name = "a\\nb"', "one line of text"),
        ("legal_lines = [", 'legal_lines = ["a", "b", ', "at most 3 texts"),
        ('frame = "logo.svg"', 'frame = "../logo.svg"', "in the same folder"),
        ('frame = "logo.svg"', 'frame = "none.svg"', "none.svg: the file cannot be read"),
        ('frame = "logo.svg"', 'frame = "brand.toml"', "neither an SVG file (.svg) nor a PNG file"),
        ('frame = "logo.svg"', "", "needs “frame”"),
        ("says_name = false", 'says_name = "no"', "true or false"),
        ("[type]", "[typography]", "'typography' is not known"),
        ("[type]", "[type", "is no TOML file"),
    ],
)
def test_a_fault_is_named_with_what_to_do(brand_folder: Any, old: str, new: str, words: str) -> None:
    with pytest.raises(BrandError) as refused:
        read_brand(str(brand_folder((old, new))))
    assert words in str(refused.value)


def test_every_pair_that_fails_is_named(brand_folder: Any) -> None:
    with pytest.raises(BrandError) as refused:
        read_brand(str(brand_folder(('frame = "#f2e6cf"', 'frame = "#6b5a3a"'))))
    lines = str(refused.value).splitlines()
    assert len(lines) == 3
    for line in lines:
        assert "to 1 (WCAG 2.2 AA; " in line


@pytest.mark.parametrize(
    ("drawing", "words"),
    [
        ("<script>alert(1)</script>", "has <script>"),
        ("<foreignObject/>", "has <foreignObject>"),
        ("<text>Trust</text>", "Convert text to paths"),
        ("<style>@import 'x'</style>", "has <style>"),
        ('<image href="x.png"/>', "has <image>"),
        ('<use href="https://example.org/x.svg#a"/>', "loads another file"),
        ('<path onload="x()"/>', "runs a script"),
        ('<path fill="url(https://example.org/x)"/>', "loads another file"),
        ("<path", "is no SVG file"),
    ],
)
def test_a_logo_that_could_run_or_load_something_is_refused(
    brand_folder: Any, drawing: str, words: str
) -> None:
    folder = brand_folder()
    (folder / "logo.svg").write_text(SVG.format(drawing))
    with pytest.raises(BrandError) as refused:
        read_brand(str(folder))
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f"<!DOCTYPE svg [<!ENTITY a 'b'>]>{SVG.format('')}", "document type"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "Give it a viewBox"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 10"/>', "8 times as wide"),
        (SVG.format(" " * LOGO_BYTES), "more than 4,000"),
        ("<g/>", "it begins with <g>"),
    ],
)
def test_a_logo_must_be_a_small_picture(brand_folder: Any, content: str, words: str) -> None:
    folder = brand_folder()
    (folder / "logo.svg").write_text(content)
    with pytest.raises(BrandError) as refused:
        read_brand(str(folder))
    assert words in str(refused.value)


def test_a_png_can_be_a_logo(brand_folder: Any) -> None:
    folder = brand_folder(('frame = "logo.svg"', 'frame = "logo.png"'))
    (folder / "logo.png").write_bytes(PNG)
    logo = read_brand(str(folder)).logos["frame"]
    assert logo.ratio == 2
    assert logo.address.startswith("data:image/png;base64,")


def test_the_command_prints_the_contrast_of_every_pair(capsys: Any, brand_folder: Any) -> None:
    folder = brand_folder()
    call_command("check_brand", str(folder))
    said = capsys.readouterr().out
    assert "light on-frame on frame: 12." in said
    assert "Sample Trust can be used" in said
    file: Path = folder / "brand.toml"
    file.write_text('[colours.dark]\nink = "#222222"\n')
    with pytest.raises(CommandError, match=r"ink on paper has a contrast of 1\."):
        call_command("check_brand", str(folder))


def test_the_command_names_a_letter_that_leaflets_cannot_print(brand_folder: Any) -> None:
    with pytest.raises(CommandError, match="Leaflets cannot print 薬"):
        call_command("check_brand", str(brand_folder(("Sample Trust is a", "薬 is a"))))


def test_other_words_of_the_interface_are_part_of_the_brand(brand_folder: Any) -> None:
    folder = brand_folder()
    before = read_brand(str(folder))
    assert before.locale is None
    catalogue = folder / "locale" / "en" / "LC_MESSAGES" / "django.mo"
    catalogue.parent.mkdir(parents=True)
    catalogue.with_suffix(".po").write_text("")
    with pytest.raises(BrandError, match="run msgfmt"):
        read_brand(str(folder))
    catalogue.write_bytes(b"words")
    after = read_brand(str(folder))
    assert after.locale == folder / "locale"
    assert after.fingerprint != before.fingerprint
