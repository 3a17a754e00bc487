"""The oracle finds nothing where the project is right, and a forged edition where nothing prevents it."""

import pytest

from tests.factories import PASSWORD
from tests.stateful.initial_site import InitialSite
from tests.stateful.runner import take
from tests.stateful.seeded_faults import without_a_trigger
from tests.stateful.shortest_ways import DRAFT, PUBLIC, Step

_SUBMIT: Step = ("submit", {"who": "wanda", "page": DRAFT, "kind": "full_review"})
_TELL: Step = ("tell_patients", {"asker": "alma", "signer": "rita", "task": 0, "password": PASSWORD})
#: What happens → steps in which it does.
SOUND_WAYS: dict[str, list[Step]] = {
    "a text is put into its own bundle again": [
        _SUBMIT,
        ("put_together", {"who": "emil", "first": 0, "count": 1}),
        ("put_in", {"who": "emil", "bundle": 0, "text": 0}),
    ],
    "inactive accounts are sent to sign in": [
        ("change_account", {"who": "rita"}),
        ("change_account", {"who": "alma"}),
        _TELL,
        ("declare_conflict", {"who": "rita", "owner": "rita", "page": PUBLIC}),
        ("declare_conflict", {"who": "alma", "owner": "rita", "page": PUBLIC}),
    ],
    "who is in no group is sent away": [
        ("change_membership", {"who": "rita", "group": "Medical reviewers"}),
        _TELL,
        ("declare_conflict", {"who": "rita", "owner": "rita", "page": PUBLIC}),
    ],
}


@pytest.mark.parametrize("way", SOUND_WAYS)
def test_nothing_is_found(initial_site: InitialSite, way: str) -> None:
    assert take(initial_site, SOUND_WAYS[way]) == (len(SOUND_WAYS[way]), "")


#: Of two signatures one or none is given.
_ONE_OF_TWO: list[Step] = [
    ("change_signatures", {"step": 0, "wanted": 2}),
    ("edit", {"who": "wanda", "page": PUBLIC, "place": "text"}),
    ("submit", {"who": "wanda", "page": PUBLIC, "kind": "full_review"}),
    ("sign_rightly", {"text": 0, "first": 3}),
]


@pytest.mark.parametrize("signed", [False, True])
def test_a_forged_edition_is_refused_only_for_its_missing_signatures(
    initial_site: InitialSite, signed: bool
) -> None:
    steps = _ONE_OF_TWO if signed else _ONE_OF_TWO[:-1]
    way = [*steps, ("forge_an_edition", {"text": 0})]
    assert take(initial_site, way) == (len(way), "")
    with pytest.MonkeyPatch.context() as patch, without_a_trigger(patch):
        step, finding = take(initial_site, way)
    assert step == len(way)
    assert "was made by “forge_an_edition”" in finding
