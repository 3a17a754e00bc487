"""What untrusted XML cannot do."""

import pytest

from monographs.labels import LabelRefused, read_label
from monographs.labels.xml_source import MAX_DEPTH, MAX_XML_BYTES
from tests.labels.label_sources import section, spl

DOCUMENT = spl(section("34067-9", "Uses", "<paragraph>For tests.</paragraph>"))
BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(12))


@pytest.mark.parametrize(
    "doctype",
    [
        f"<!DOCTYPE document [{BOMB}]>",
        '<!DOCTYPE document [<!ENTITY e11 SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE document SYSTEM "http://127.0.0.1:9/a.dtd">',
    ],
)
def test_entities_and_document_types_are_refused(doctype):
    data = DOCUMENT.replace(b"?><document", f"?>{doctype}<document".encode()).replace(b"For tests", b"&e11;")
    with pytest.raises(LabelRefused):
        read_label(data)


def test_a_stylesheet_is_not_fetched_and_does_not_matter():
    styled = DOCUMENT.replace(
        b"?><document", b'?><?xml-stylesheet href="http://127.0.0.1:9/spl.xsl"?><document'
    )
    assert read_label(styled) == read_label(DOCUMENT)


def test_depth_and_size_are_limited():
    deep = spl(section("34067-9", "", "<a>" * MAX_DEPTH + "</a>" * MAX_DEPTH))
    with pytest.raises(LabelRefused, match=r"deep|complete"):
        read_label(deep)
    with pytest.raises(LabelRefused, match="bytes"):
        read_label(DOCUMENT + b" " * MAX_XML_BYTES)


@pytest.mark.parametrize("cut", [1, 50, 300, len(DOCUMENT) // 2, len(DOCUMENT) - 1])
def test_a_cut_file_is_refused(cut):
    with pytest.raises(LabelRefused):
        read_label(DOCUMENT[:cut])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "neither"),
        (b"\x89PNG\r\n", "neither"),
        (b"<!DOCTYPE html><html><body>503</body></html>", "web page"),
        (b"<html xmlns='x'/>", "web page"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "feed"),
        (b"<document xmlns='urn:hl7-org:v3'/>", "type"),
    ],
)
def test_what_is_no_label_is_refused_with_the_reason(data, reason):
    with pytest.raises(LabelRefused, match=reason):
        read_label(data)
