"""Purges of caches: stored with a publication, sent after it, tried again, and counted."""

import importlib
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import transaction

from cms.settings import base
from monographs.core.db_clock import database_now
from monographs.public.models import CachePurge
from monographs.public.shared_cache import nodes, purge_outbox
from tests.public.published import monograph, publish, withdraw


class Node(HTTPServer):
    """A cache node that notes the keys it was sent, or refuses them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), NodeHandler)
        self.purged: list[list[str]] = []
        self.status = 200
        self.url = f"http://127.0.0.1:{self.server_port}"


class NodeHandler(BaseHTTPRequestHandler):
    server: Node

    def do_PURGE(self) -> None:
        if self.server.status == 200:
            self.server.purged.append(self.headers["Surrogate-Key"].split())
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def cache_nodes(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Node]]:
    """Two nodes that are told of publications. In a test, nothing is sent after a commit."""
    monkeypatch.setattr(nodes, "TIMEOUT_SECONDS", 60)  # on a busy machine an answer takes longer
    running = [Node(), Node()]
    for node in running:
        threading.Thread(target=node.serve_forever, args=[0.01], daemon=True).start()
    settings.CACHE_PURGE_URLS = [node.url for node in running]
    yield running
    for node in running:
        node.shutdown()
        node.server_close()


def test_a_publication_purges_every_node_once(db: None, cache_nodes: list[Node]) -> None:
    document = monograph()
    publish(document)
    assert CachePurge.objects.count() == 2
    for _ in range(2):
        purge_outbox.send_waiting()
    key = f"page-{document.key.replace('-', '')[:12]}"
    assert [node.purged for node in cache_nodes] == [[[key, "lists"]]] * 2
    assert not purge_outbox.waiting().exists()


def test_nothing_is_purged_for_a_publication_that_was_rolled_back(db: None, cache_nodes: list[Node]) -> None:
    with transaction.atomic():
        publish(monograph())
        assert CachePurge.objects.exists()
        transaction.set_rollback(True)
    assert not CachePurge.objects.exists()


def test_a_withdrawal_is_purged_before_everything_that_waits(db: None, cache_nodes: list[Node]) -> None:
    cache_nodes[0].status = 503
    documents = [monograph(f"testumab{n}", brand_names=()) for n in range(3)]
    editions = [publish(document) for document in documents]
    purge_outbox.send_waiting()
    withdraw(editions[-1])
    cache_nodes[0].status = 200
    purge_outbox.send_waiting()
    pages = [f"page-{document.key.replace('-', '')[:12]}" for document in documents]
    asked = [[key for key in purged if key in pages] for purged in cache_nodes[0].purged]
    assert asked == [pages[2:], pages], "the withdrawal, then all that waited"
    assert [len(purged) for purged in cache_nodes[1].purged] == [4, 2]


@pytest.mark.parametrize("fault", ["refuses", "is away", "has no port"])
def test_a_node_that_takes_no_purge_is_tried_again_and_named(
    db: None, cache_nodes: list[Node], settings: Any, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    bad, good = cache_nodes
    if fault == "refuses":
        bad.status = 405
    else:
        port = 1 if fault == "is away" else 99999
        settings.CACHE_PURGE_URLS = [f"http://127.0.0.1:{port}", good.url]
    publish(monograph())
    purge_outbox.send_waiting()
    assert len(good.purged) == 1
    purge = purge_outbox.waiting().get()
    assert (purge.attempts, bool(purge.last_error)) == (1, True)
    assert "does not accept 1 purges" in caplog.text
    with pytest.raises(CommandError, match="1 purges wait"):
        call_command("purge_caches", stdout=StringIO())


def test_a_purge_is_sent_again_for_answers_that_were_on_their_way(db: None, cache_nodes: list[Node]) -> None:
    publish(monograph())
    purge_outbox.send_waiting()
    CachePurge.objects.update(sent_at=database_now() - purge_outbox.REPEAT)
    for _ in range(2):
        purge_outbox.send_waiting()
    assert [len(node.purged) for node in cache_nodes] == [2, 2]
    assert not CachePurge.objects.filter(repeated_at=None).exists()


def test_a_node_that_hangs_delays_no_other(
    db: None, cache_nodes: list[Node], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = HTTPServer(("127.0.0.1", 0), NodeHandler)  # it accepts connections and answers nothing
    url, connection_to = f"http://127.0.0.1:{hanging.server_port}", nodes._connection_to
    monkeypatch.setattr(
        nodes, "_connection_to", lambda node, seconds: connection_to(node, 0.2 if node == url else seconds)
    )
    settings.CACHE_PURGE_URLS = [url, cache_nodes[1].url]
    for number in range(3):
        publish(monograph(f"testumab{number}", brand_names=()))
    purge_outbox.send_waiting()
    assert len(cache_nodes[1].purged) == 1
    assert [purge.attempts for purge in purge_outbox.waiting()] == [1, 1, 1], "one time-out for all of them"
    hanging.server_close()


def test_a_purge_is_put_away_when_all_it_was_about_has_expired(
    db: None, cache_nodes: list[Node], caplog: pytest.LogCaptureFixture
) -> None:
    publish(monograph())
    assert timedelta(seconds=60) < purge_outbox.EXPIRY < timedelta(minutes=5)
    CachePurge.objects.update(created_at=database_now() - purge_outbox.EXPIRY)
    purge_outbox.send_waiting()
    assert not purge_outbox.waiting().exists()
    assert not cache_nodes[0].purged
    assert "never accepted 1 purges" in caplog.text
    CachePurge.objects.update(created_at=database_now() - purge_outbox.RETENTION)
    publish(monograph("otherumab", brand_names=()))
    purge_outbox.send_waiting()
    assert CachePurge.objects.count() == 2, "old rows are deleted"


def test_operators_read_how_many_purges_each_node_took(db: None, cache_nodes: list[Node]) -> None:
    publish(monograph())
    out = StringIO()
    call_command("purge_caches", "--all", "--json", stdout=out)
    by_url = {figures["node"]: figures for figures in json.loads(out.getvalue())}
    for node in cache_nodes:
        figures = by_url[node.url]
        assert node.purged[-1][-1] == "site"
        assert figures["sent"] == 2
        assert figures["waiting"] == figures["expired"] == 0
        assert 0 < figures["slowest_seconds"] < 60
    text = StringIO()
    call_command("purge_caches", stdout=text)
    assert "2 sent" in text.getvalue()


def test_without_caches_nothing_is_stored_or_sent(db: None) -> None:
    publish(monograph())
    assert not CachePurge.objects.exists()
    with pytest.raises(CommandError, match="names no cache"):
        call_command("purge_caches")


@pytest.mark.django_db(transaction=True)
def test_the_purge_is_sent_in_the_background_after_the_commit(cache_nodes: list[Node]) -> None:
    sent = threading.Event()
    original = purge_outbox._record

    def record(*args: Any) -> None:
        original(*args)
        sent.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(purge_outbox, "_record", record)
        with transaction.atomic():
            publish(monograph())
            assert not cache_nodes[0].purged
        assert sent.wait(60)
    assert [len(node.purged) for node in cache_nodes] == [1, 1]


@pytest.mark.parametrize("url", ["varnish:6081", "http://a/b", "http://", "ftp://a:1", "http://a:b"])
def test_an_address_that_is_no_node_is_refused_at_start(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CACHE_PURGE_URLS", f"http://127.0.0.1:6081,{url}")
    with pytest.raises(ImproperlyConfigured, match="is no cache node"):
        importlib.reload(base)
    monkeypatch.setenv("CACHE_PURGE_URLS", "http://127.0.0.1:6081/,http://[::1]:6081")
    assert importlib.reload(base).CACHE_PURGE_URLS == ["http://127.0.0.1:6081", "http://[::1]:6081"]
