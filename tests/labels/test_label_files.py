"""Files that hold labels: folders, API answers, the bulk download, zips."""

import json
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from monographs.labels import LabelRefused, label_contents, read_label
from monographs.labels.dailymed_history import HistoryEntry, history_page
from monographs.labels.label_dates import history_date
from monographs.labels.label_files import contents_of_stream
from tests.labels.label_sources import SET_ID, result, section, spl


def zipped(**files):
    data = BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name.replace("_", "."), content)
    return data.getvalue()


def versions(data, name="file"):
    return [read_label(each.data).version for each in contents_of_stream(BytesIO(data), name)]


XML = spl(section("34067-9", "Uses", "For tests."))
ANSWER = {
    "meta": {"last_updated": "2024-01-01"},
    "results": [result(n, boxed_warning=f"Nr {n}.") for n in (1, 2, 3)],
}


def test_each_kind_of_file_gives_its_labels():
    assert versions(XML) == [3]
    assert versions(json.dumps(ANSWER, indent=1).encode()) == [1, 2, 3]
    assert versions(json.dumps(ANSWER["results"][1]).encode()) == [2]
    assert versions(zipped(drug_label_json=json.dumps(ANSWER), picture_jpg=b"x")) == [1, 2, 3]
    assert versions(zipped(one_zip=zipped(label_xml=XML, a_jpg=b""))) == [3]


def test_a_folder_gives_the_labels_of_its_files_in_order(tmp_path):
    (tmp_path / "b.json").write_text(json.dumps(ANSWER))
    (tmp_path / "a.xml").write_bytes(XML)
    (tmp_path / "notes.txt").write_text("no label")
    assert [each.name for each in label_contents(tmp_path)] == ["a.xml", "b.json#1", "b.json#2", "b.json#3"]


def test_the_same_result_has_the_same_bytes_from_everywhere():
    compact, spread = json.dumps(ANSWER["results"][0]).encode(), json.dumps(ANSWER, indent=4).encode()
    (one,), (other, *_) = (list(contents_of_stream(BytesIO(data), "x")) for data in (compact, spread))
    assert one.sha256 == other.sha256
    assert read_label(one.data) == read_label(one.data)


def test_what_came_before_the_damage_is_read():
    data = json.dumps(ANSWER).encode()
    found = contents_of_stream(BytesIO(data[: len(data) - 40]), "cut.json")
    assert [next(found).name, next(found).name] == ["cut.json#1", "cut.json#2"]
    with pytest.raises(LabelRefused, match=r"cut\.json: .*(cut short|damaged)"):
        next(found)


def test_memory_does_not_grow_with_the_bulk_download():
    class Endless:
        """Results for as long as anybody reads."""

        def __init__(self):
            self.head, self.given = b'{"meta": {}, "results": [', 0

        def read(self, size):
            self.given += size
            text = json.dumps(result(boxed_warning="Danger. " * 50)).encode() + b","
            data, self.head = self.head + text * (size // len(text) + 1), b""
            return data

        def seek(self, _place):
            self.head = b'{"meta": {}, "results": ['

    stream = Endless()
    found = contents_of_stream(stream, "bulk.json")
    for _ in range(50):
        next(found)
    assert stream.given < 500_000


def readable_of(data, name="file"):
    """The versions that can be read of a file, and why the rest cannot."""
    found, contents = [], contents_of_stream(BytesIO(data), name)
    try:
        while True:
            found.append(read_label(next(contents).data).version)
    except StopIteration:
        return found, ""
    except LabelRefused as error:
        return found, str(error)


GOOD = json.dumps(ANSWER)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"a_json": b'{"results": [{"a": 1'}, "bulk.zip: a.json: a result is cut short or damaged"),
        ({"a_json": b'{"results": []}'}, "bulk.zip: a.json: its list of results is empty"),
        (
            {"a_json": GOOD.replace("Nr 1", "Gr\u00f6\u00dfe").encode("latin-1")},
            "a.json: the JSON is not in UTF-8",
        ),
        ({"a_zip": b"PK\x03\x04nothing"}, "bulk.zip: a.zip: the zip is damaged"),
        ({"a_zip": zipped(notes_txt=b"")}, "bulk.zip: a.zip: the zip holds no XML and no JSON"),
        ({"a_xml": b"<" + b" " * 20_000_001}, "bulk.zip: a.xml: it unpacks to more than 20,000,000 bytes"),
        ({f"a{n}_zip": b"PK" for n in range(7)}, "; and 2 more"),
    ],
    ids=["cut", "no results", "latin-1", "zip", "empty zip", "bomb", "many"],
)
def test_a_damaged_entry_of_a_zip_is_named_and_the_others_are_read(bad, reason):
    found, said = readable_of(zipped(**bad, z_json=GOOD), "bulk.zip")
    assert found == [1, 2, 3]
    assert reason in said


def test_parts_of_the_bulk_download_in_one_zip_and_in_folders_are_read():
    data = BytesIO()
    with ZipFile(data, "w") as package:
        package.writestr("one/drug-label-0001-of-0002.json", GOOD)
        package.writestr("__MACOSX/one/._drug-label-0001-of-0002.json", b"\x00\x05\x16\x07")
        package.writestr("two/", b"")
        package.writestr("two/DRUG-LABEL-0002-OF-0002.JSON", GOOD)
    assert readable_of(data.getvalue()) == ([1, 2, 3, 1, 2, 3], "")


def test_a_result_that_cannot_be_stored_does_not_hide_those_after_it():
    data = GOOD.replace('"version": "2"', '"version": 1e999').encode()
    found, said = readable_of(data, "bulk.json")
    assert found == [1, 3]
    assert "bulk.json: result 2: the result holds what JSON cannot store" in said


def test_json_that_is_not_utf_8_is_refused_and_not_read_with_other_letters():
    one = json.dumps(ANSWER["results"][0]).replace("Nr 1", "Gr\u00f6\u00dfe")
    for encoding in ("latin-1", "utf-16"):
        with pytest.raises(LabelRefused, match="not in UTF-8"):
            versions(one.encode(encoding))
    assert versions(one.encode("utf-8-sig")) == [1]


@pytest.mark.parametrize("version", [3, "3", " 3 ", "0003", 3.0])
def test_versions_are_numbers_or_texts(version):
    assert versions(json.dumps(result(boxed_warning="Any.") | {"version": version}).encode()) == [3]


@pytest.mark.parametrize(
    "version",
    [
        None,
        "",
        "null",
        0,
        -1,
        True,
        [3],
        {"a": 1},
        "1.5",
        "1e3",
        "\u0663",
        "9" * 5_000,
        "0000000001" + "0" * 9,
    ],
)
def test_a_version_that_is_no_number_is_refused(version):
    with pytest.raises(LabelRefused, match="no version number"):
        versions(json.dumps(result(boxed_warning="Any.") | {"version": version}).encode())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped(readme_txt=b"x"), "no XML"),
        (zipped(label_xml=XML)[:200], "damaged"),
        (zipped(a_zip=zipped(b_zip=zipped(label_xml=XML))), "deep"),
        (zipped(label_xml=b"<" + b" " * 20_000_001), "unpacks"),
        (zipped(list_json=b'{"results": [1, 2]}'), "damaged"),
        (zipped(list_json=b'{"results": [{"a": 1'), "cut short"),
        (b'{"set_id": 1e999}', "JSON"),
    ],
)
def test_damaged_and_foreign_files_are_refused_with_the_reason(data, reason):
    with pytest.raises(LabelRefused, match=reason):
        versions(data)


HISTORY = {
    "data": {
        "spl": {"setid": SET_ID, "title": "EXEMPLAR (EXAMPLOMAB)"},
        "history": [
            {"spl_version": 3247, "published_date": "Sep 26, 2012"},
            {"spl_version": "12", "published_date": "null"},
        ],
    },
    "metadata": {"current_page": 1, "next_page": "null", "total_pages": 1},
}


def test_the_history_has_dates_as_texts_and_null_as_a_text():
    page = history_page(HISTORY)
    assert page.entries == (HistoryEntry(3247, history_date("Sep 26, 2012")), HistoryEntry(12, None))
    assert (page.set_id, page.newest, page.next_page) == (SET_ID, 3247, None)
    assert str(page.entries[0].published) == "2012-09-26"
    assert history_page(HISTORY | {"metadata": {"next_page": "2"}}).next_page == 2


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Feb 30, 2012", None),
        ("Sept 26, 2012", None),
        ("  Sep 6, 2012 ", "2012-09-06"),
        ("20120926", "2012-09-26"),
        ("2012-09-26", None),
        ("", None),
        (None, None),
        (20120926, None),
        (["Sep 26, 2012"], None),
        ("Sep 26, 0000", None),
        ("9" * 5_000, None),
    ],
)
def test_odd_dates_of_a_history_are_no_dates_and_no_failure(date, expected):
    entry = {"spl_version": "7", "published_date": date}
    page = history_page({"data": {"spl": {"setid": SET_ID}, "history": [entry]}})
    assert [(each.version, each.published and str(each.published)) for each in page.entries] == [
        (7, expected)
    ]


@pytest.mark.parametrize("page", ["null", None, "", "9" * 5_000, "-1", [2], "\u0662"])
def test_what_is_no_number_of_a_page_is_the_last_page(page):
    assert history_page(HISTORY | {"metadata": {"next_page": page}}).next_page is None


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {},
        {"data": "null"},
        {"data": {"history": []}},
        {"data": {"spl": {"setid": "null"}, "history": []}},
    ],
)
def test_another_answer_is_no_history(answer):
    with pytest.raises(LabelRefused):
        history_page(answer)
