"""What clients send cannot begin a new line in a log."""

import io
import logging
import sys
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config  # type: ignore[import-untyped]

from cms.gunicorn_conf import OneLineLogger
from cms.log_lines import OneLineFormatter
from tests.deployment.dockerfile import start_command

#: Every control and format character, and every line or paragraph separator, of the characters up to U+2FFF.
LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
UNPRINTABLE = [chr(n) for n in range(0x3000) if not chr(n).isprintable() and chr(n) != " "]
FORGED = "[29/Nov/2026:00:00:00 +0000] GET /admin/ 200 15 0.01"


def access_line(**environ: str) -> str:
    """Return what the image's access log says about a request."""
    command = start_command()
    config = Config()
    config.set(
        "access_log_format", command[command.index("--access-logformat") + 1] + " %(f)s %(a)s %(r)s %(q)s"
    )
    config.set("accesslog", "-")
    logger = OneLineLogger(config)
    out = io.StringIO()
    logger.access_log.handlers[-1].setStream(out)
    request = {"REQUEST_METHOD": "GET", "RAW_URI": "/", "SERVER_PROTOCOL": "HTTP/1.1", "PATH_INFO": "/"}
    answer = SimpleNamespace(status="200 OK", sent=1, headers=[])
    logger.access(answer, SimpleNamespace(headers=[]), request | environ, timedelta(seconds=1))
    return out.getvalue()


@pytest.mark.parametrize("key", ["PATH_INFO", "RAW_URI", "QUERY_STRING", "HTTP_REFERER", "HTTP_USER_AGENT"])
@pytest.mark.parametrize("end", [*LINE_ENDS, "\r\n", "\xe2\x80\xa8"], ids=repr)
def test_a_request_is_one_line_of_the_access_log(key: str, end: str) -> None:
    line = access_line(**{key: f"/x{end}{FORGED}"})
    assert line.endswith("\n")
    assert len(line.splitlines()) == 1, line


def test_a_path_is_one_field_of_the_access_log() -> None:
    assert "/x%20200%2015" in access_line(PATH_INFO="/x 200 15")
    assert "/caf%C3%A9/" in access_line(PATH_INFO="/caf\xc3\xa9/")


def entry(message: str, *args: Any, exception: BaseException | None = None) -> str:
    formatter = OneLineFormatter("{asctime} {levelname} {name} {message}", style="{")
    info = (type(exception), exception, exception.__traceback__) if exception else None
    return formatter.format(logging.LogRecord("x", logging.INFO, __file__, 1, message, args, info))


def test_no_character_begins_a_line_in_our_own_log() -> None:
    assert len(entry("refused %s", "".join(UNPRINTABLE) + FORGED).splitlines()) == 1
    assert "\x1b" not in entry("%s", "\x1b[2J"), "a terminal would obey"
    assert "café → “x”" in entry("%s", "café → “x”")


def test_a_traceback_is_indented_so_that_its_message_cannot_pass_for_an_entry() -> None:
    try:
        raise ValueError(f"bad\n{FORGED}\u2028{FORGED}")
    except ValueError as error:
        _, *lines = entry(
            "failed\nTraceback (most recent call last):\n%s", FORGED, exception=error
        ).splitlines()
    assert lines
    assert all(line.startswith("    ") for line in lines)


def test_the_image_trusts_no_forwarders_header(monkeypatch: pytest.MonkeyPatch) -> None:
    command = start_command()
    assert command[command.index("--config") + 1] == "python:cms.gunicorn_conf"
    config = Config()
    for name, value in vars(sys.modules["cms.gunicorn_conf"]).items():
        if name in config.settings:
            config.set(name, value)
    assert config.forwarded_allow_ips == []
    assert config.forwarder_headers == []
    assert config.secure_scheme_headers == {}
    assert config.header_map == "refuse"
    assert not config.proxy_protocol or config.proxy_protocol == "off"
    assert config.logger_class is OneLineLogger
