"""Pins the images of the Dockerfile and ``deploy/compose.yaml``: ``python -m devtools.image_digests``.

It asks each image's registry for the digest that its tag has now, of the list of all platforms, and writes
``name:tag@sha256:…``. Run it before a release, build, and run the tests. It needs nothing but the network.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

BASE_DIR = Path(__file__).resolve().parents[1]
FILES = (BASE_DIR / "Dockerfile", BASE_DIR / "deploy" / "compose.yaml")
#: Where an image's name is: of this project's own image there is no digest before it is built.
_IMAGE = re.compile(
    r"^(?P<before>FROM |\s+image: )(?P<image>[a-z][^\s$@]*)(?:@sha256:[0-9a-f]{64})?", re.MULTILINE
)
#: Lists of an image's platforms (OCI image index, and Docker's own).
_LISTS = "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Image:
    """An image in a registry."""

    registry: str
    name: str
    tag: str

    @classmethod
    def named(cls, text: str) -> "Image":
        """Return the image that Docker means by ``text``, e.g. ``postgres:18``. Raises without a tag."""
        name, _, tag = text.rpartition(":")
        if not name or "/" in tag:
            raise ValueError(f"{text} names no version of the image.")
        first, slash, rest = name.partition("/")
        if slash and ("." in first or ":" in first):
            return cls(f"https://{first}", rest, tag)
        return cls("https://registry-1.docker.io", name if slash else f"library/{name}", tag)

    def digest(self) -> str:
        """Return the digest that the registry has for the tag. Raises ``OSError``."""
        url = f"{self.registry}/v2/{self.name}/manifests/{self.tag}"
        headers = {"Accept": _LISTS}
        try:
            answer = urlopen(Request(url, headers=headers, method="HEAD"), timeout=60)  # noqa: S310  # of the files
        except HTTPError as error:
            if error.code != 401:  # noqa: PLR2004  # unauthorised: anybody gets a token
                raise
            headers["Authorization"] = f"Bearer {_token(error.headers['WWW-Authenticate'])}"
            answer = urlopen(Request(url, headers=headers, method="HEAD"), timeout=60)  # noqa: S310
        found = str(answer.headers.get("Docker-Content-Digest"))
        if not _DIGEST.fullmatch(found):
            raise OSError(f"{self.registry} gave no digest of {self.name}:{self.tag}.")
        return found


def _token(challenge: str) -> str:
    """Get a token for reading from where the registry says (Distribution, Token Authentication)."""
    asked = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
    with urlopen(f"{asked.pop('realm')}?{urlencode(asked)}", timeout=60) as answer:  # noqa: S310  # of the registry
        given = json.load(answer)
    return str(given.get("token") or given["access_token"])


def images(text: str) -> Iterator[str]:
    """Yield the images that a file names, without digests."""
    yield from (found["image"] for found in _IMAGE.finditer(text))


def pinned(text: str, digests: dict[str, str]) -> str:
    """Return the file with each image at its digest."""
    return _IMAGE.sub(lambda f: f"{f['before']}{f['image']}@{digests[f['image']]}", text)


def main() -> int:
    """Fetch every digest, then write the files; return the exit code."""
    texts = {file: file.read_text() for file in FILES}
    names = sorted({name for text in texts.values() for name in images(text)})
    try:
        digests = {name: Image.named(name).digest() for name in names}
    except OSError as error:
        sys.stderr.write(f"Nothing was changed, because a registry could not be asked: {error}\n")
        return 1
    for file, text in texts.items():
        file.write_text(pinned(text, digests))
    sys.stdout.write("".join(f"{name}@{digest}\n" for name, digest in digests.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
