"""Requests to several other servers at once, each in a thread, within one limit of time."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import connections

Server = TypeVar("Server")
Answer = TypeVar("Answer")


def ask_concurrently(
    ask: Callable[[Server], Answer], servers: Sequence[Server], seconds: float
) -> list[Answer | None]:
    """Return the result of ``ask`` for each server; None for each that takes longer than ``seconds``.

    ``ask`` must not raise. A thread that is late goes on, and keeps no process from ending.
    """
    answers: dict[int, Answer] = {}

    def run(number: int) -> None:
        try:
            answers[number] = ask(servers[number])
        finally:
            connections.close_all()  # those of this thread

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(len(servers))]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return [answers.get(number) for number in range(len(servers))]
