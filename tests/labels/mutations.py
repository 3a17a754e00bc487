"""Damaged labels: mutations of the bytes of sound ones, the same for the same seed."""

from collections.abc import Iterator, Sequence
from random import Random

_NASTY = (
    *(
        b"<",
        b">",
        b"&",
        b"&#0;",
        b"&nope;",
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b"<?x?>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    ),
    *(
        b"\x00",
        b"\xff\xfe",
        b"\xc3",
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b"\\u0000",
        b"null",
        b"1e999",
        b"-1",
        b":",
    ),
    *(b"<section>" * 200, b"<list><item>" * 200, b"[" * 5_000, b'{"a":' * 5_000, b"9" * 5_000),
    *(
        b' rowspan="99999999"',
        b' colspan="9999"',
        b"<table><tr><td rowspan='9999' colspan='9999'>x",
        b"</text>",
    ),
)


def mutated(sound: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Yield ``count`` damaged files."""
    random = Random(seed)  # noqa: S311  # damage, not secrets
    for _ in range(count):
        data = random.choice(sound)
        for _ in range(random.choice((1, 1, 2, 5))):
            data = _damaged(data, random)
        yield data


def _damaged(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data) + 1)
    end = min(start + random.choice((1, 4, 40, 4_000)), len(data))
    match random.randrange(6):
        case 0:
            return data[:start]
        case 1:
            return data[:start] + random.choice(_NASTY) + data[start:]
        case 2:
            return data[:start] + data[end:]
        case 3:
            return data[:start] + data[start:end] * random.choice((2, 3, 30)) + data[end:]
        case 4:
            return (
                data[:start] + bytes(random.randrange(256) for _ in range(min(end - start, 8))) + data[end:]
            )
        case _:
            other = random.randrange(len(data) + 1)
            return data[:start] + data[other : other + end - start] + data[end:]
