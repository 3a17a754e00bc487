"""Generates and publishes synthetic medicines in batches, on several processes."""

import multiprocessing
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, transaction

from devtools.synthetic.bulk_publisher import publish_all
from devtools.synthetic.document_factory import medicines, next_edition, shared_documents
from monographs.document import MonographDocument
from monographs.document.models import BaseDocument
from monographs.editions.models import Edition
from monographs.label_watch.watched_editions import follow_publication
from monographs.public.search.text_index_sync import update_text_index
from monographs.source_library.shown_sources import follow_shown_sources

#: Medicines per transaction: what an interrupted run loses, and what the database checks at one commit.
BATCH_SIZE = 100
#: Batches after which the database counts its rows again: it plans queries by their number.
ANALYZE_AFTER = (1, 2, 5, 10, 20, 50, 100, 200)


def generate(count: int, *, editions: int = 1, seed: int = 1, jobs: int = 1) -> Iterator[int]:
    """Publish the missing ones of ``count`` synthetic medicines; yield the number done after each batch.

    The same ``seed`` makes the same names and texts, so an interrupted run can be continued. With more than
    one of ``jobs``, which are processes, it must not be called in a transaction.
    """
    classes, conditions = shared_documents(count, seed)
    _publish([*classes, *conditions], 1)
    if jobs == 1:
        done = 0
        for number in _publish_share(count, editions, seed, 0, 1):
            yield (done := done + number)
        return
    connection.close()  # each process opens its own
    context = multiprocessing.get_context("fork")
    finished: Any = context.Queue()
    shares = [
        context.Process(target=_publish_in_process, args=(finished, count, editions, seed, share, jobs))
        for share in range(jobs)
    ]
    for process in shares:
        process.start()
    done = 0
    while done < count:
        outcome = finished.get()
        if isinstance(outcome, str):
            for process in shares:
                process.terminate()
            raise RuntimeError(outcome)
        yield (done := done + outcome)
    for process in shares:
        process.join()


def _publish_in_process(finished: Any, *arguments: int) -> None:
    try:
        for number in _publish_share(*arguments):
            finished.put(number)
    except KeyboardInterrupt:
        return  # its parent tells
    except Exception as error:
        finished.put(f"{type(error).__name__}: {error}")
    finally:
        connection.close()


def _publish_share(count: int, editions: int, seed: int, share: int, of: int) -> Iterator[int]:
    """Publish every batch whose number is ``share``, counted in turns of ``of``; yield the size of each."""
    classes, conditions = shared_documents(count, seed)
    documents = medicines(count, seed, classes, conditions, wanted=lambda n: n // BATCH_SIZE % of == share)
    number = 0
    while batch := list(islice(documents, BATCH_SIZE)):
        _publish(batch, editions)
        number += 1
        if number in ANALYZE_AFTER and not share:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        yield len(batch)


@transaction.atomic
def _publish(documents: Sequence[BaseDocument], editions: int) -> None:
    publications = publish_all(_rounds(_missing(documents), editions))
    for publication in publications:
        update_text_index(type(publication), publication)
        follow_publication(type(publication), publication)
        follow_shown_sources(type(publication), publication)


def _rounds(documents: list[BaseDocument], editions: int) -> Iterator[list[BaseDocument]]:
    """Yield the first editions of ``documents``, then the second ones, and so on."""
    for number in range(1, editions + 1):
        if number > 1:
            documents = [next_edition(d, number) for d in documents if isinstance(d, MonographDocument)]
        if documents:
            yield documents


def _missing(documents: Iterable[BaseDocument]) -> list[BaseDocument]:
    by_key = {uuid.UUID(document.key): document for document in documents}
    published = set(Edition.objects.filter(key__in=by_key).values_list("key", flat=True))
    return [document for key, document in by_key.items() if key not in published]
