"""What a release does every day: ``python -m tests.releases.everyday_work SLUG PATH…``.

It serves the pages at PATH…, submits and signs two editions of a new medicine SLUG, serves them, and verifies
the record. Prints the answers as JSON. The next release runs the copy that this release has of it, so it uses
nothing but this release's own code.
"""

import json
import sys
from typing import Any

import django


def work(slug: str, paths: list[str]) -> dict[str, Any]:
    """Do everything, and return status and edition of each page, and what was verified."""
    from django.test import Client  # noqa: PLC0415  # needs settings

    from monographs.editions.verify import verify  # noqa: PLC0415
    from tests.factories import edit, make_monograph, make_user, publish  # noqa: PLC0415

    client = Client()
    ready = client.get("/readyz")
    writer = make_user(f"{slug}-writer", "Medical writers")
    reviewer = make_user(f"{slug}-reviewer", "Medical reviewers", credentials="PharmD")
    page = make_monograph(slug, by=writer)
    publish(page, writer, reviewer)
    edit(page, writer, how_it_works="It works in better words.")
    publish(page, writer, reviewer)
    paths = [*paths, f"/medicines/{slug}/", f"/medicines/{slug}/editions/1/", f"/api/v1/monographs/{slug}"]
    answers = {path: client.get(path) for path in paths}
    return {
        "ready": ready.json(),
        "pages": {path: [it.status_code, it.headers.get("X-Edition")] for path, it in answers.items()},
        "found": slug in client.get("/search/", {"q": slug}).content.decode(),
        "verified": verify(),
    }


if __name__ == "__main__":
    django.setup()
    json.dump(work(sys.argv[1], sys.argv[2:]), sys.stdout)
