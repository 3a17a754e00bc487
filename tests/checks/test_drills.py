"""docs/drills.md says what the tests do."""

from tests.drills import TARGET, document


def test_the_document_is_written_from_the_tests() -> None:
    assert TARGET.read_text("utf-8") == document(), "run make drills"
