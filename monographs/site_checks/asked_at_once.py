"""Other servers are asked at once: the slowest one decides how long it takes, and only up to a limit."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import connections

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


def asked_at_once(
    ask: Callable[[Asked], Answer], asked: Sequence[Asked], seconds: float
) -> list[Answer | None]:
    """Return ``ask`` of each, in threads of their own; None for each that takes longer than ``seconds``.

    ``ask`` should raise nothing. A thread that is late goes on, and keeps no process from ending.
    """
    answers: dict[int, Answer] = {}

    def run(number: int) -> None:
        try:
            answers[number] = ask(asked[number])
        finally:
            connections.close_all()  # those of this thread

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(len(asked))]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return [answers.get(number) for number in range(len(asked))]
