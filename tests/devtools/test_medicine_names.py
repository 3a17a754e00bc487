"""The extraction of names reads plain data only."""

import pickle
from pathlib import Path

import pytest

from devtools.medicine_names.label_brands import label_names
from devtools.medicine_names.plain_pickle import NotPlainData, load_plain


def test_plain_data_is_read() -> None:
    data = {"names": ["imatinib", {"brand": "Gleevec"}], "all": {"a", "b"}}
    assert load_plain(pickle.dumps(data, protocol=4)) == data


@pytest.mark.parametrize("value", [Path("/etc/passwd"), print, ValueError("x")])
def test_a_pickle_that_needs_code_is_refused(value: object) -> None:
    with pytest.raises(NotPlainData):
        load_plain(pickle.dumps(value))


def test_brands_of_a_label_are_read_without_salt_and_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '{"openfda": {"brand_name": ["EXAMPLA"], "generic_name": ["EXAMPLINIB HYDROCHLORIDE"]}}'
    )
    (tmp_path / "b.json").write_text(
        '{"openfda": {"brand_name": ["Examplinib"], "generic_name": ["EXAMPLINIB"]}}'
    )
    (tmp_path / "c.json").write_text(
        '{"openfda": {"brand_name": ["Sampla"], "generic_name": ["SAMPLEUMAB-ABCD"]}}'
    )
    assert label_names(tmp_path) == {"examplinib": {"exampla"}, "sampleumab": {"sampla"}}
