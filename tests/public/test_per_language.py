"""Texts that are kept by language and by all of their parameters."""

from django.utils.translation import override

from monographs.public.per_language import per_language

made: list[str] = []


@per_language
def greeting(name: str, mark: str = ".") -> str:
    """Return a greeting, and note that it was made."""
    made.append(name)
    return f"Hello {name}{mark}"


def test_a_text_is_made_once_for_each_language_and_parameters_with_or_without_a_name() -> None:
    made.clear()
    for _ in range(2):
        assert greeting("Ada") == "Hello Ada."
        assert greeting("Ada", mark="!") == "Hello Ada!"
        with override("de"):
            assert greeting(name="Ada") == "Hello Ada."
    assert made == ["Ada"] * 3
