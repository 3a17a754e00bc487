"""The requests of `docs/api.md`, run as they are written."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from tests.public.published import monograph, publish

TEXT = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text("utf-8")
#: The documented address of a site, which a test replaces by its own.
SITE = "site=http://127.0.0.1:8000"
COMMANDS = re.findall(r"^curl .*", TEXT, re.MULTILINE)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not all(map(shutil.which, ("curl", "jq"))) and not os.environ.get("CI"),
        reason="curl or jq is not installed",
    ),
]


@pytest.fixture
def address(site: Any) -> Iterator[str]:
    """The address of a site with the medicine that the document asks for."""
    publish(monograph("blinatumomab"))
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


def test_each_documented_request_is_answered(address: str) -> None:
    assert TEXT.count(SITE) == 1
    answers = {}
    for command in COMMANDS:
        script = f"site={address}\n{command}"
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
        assert done.returncode == 0, (command, done.stderr)
        answers[command.partition("#")[0].strip()] = done.stdout
    hashed = next(answer for command, answer in answers.items() if "sha256sum" in command)
    found = {command: json.loads(answer) for command, answer in answers.items() if "jq" not in command}
    assert [command for command, answer in found.items() if "detail" in answer] == []
    one = found["curl $site/api/v1/monographs/blinatumomab"]
    assert hashed.split()[0] == one["sha256"]
    assert found["curl $site/api/v1/monographs/blinatumomab/editions/1"]["number"] == 1
    (result,) = found['curl "$site/api/v1/search?q=blin"']["results"]
    assert result["slug"] == "blinatumomab"
    for path in ("monographs", "monographs/blinatumomab/editions"):
        assert len(found[f"curl $site/api/v1/{path}"]["items"]) == 1
