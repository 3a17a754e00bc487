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
