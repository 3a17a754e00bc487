"""Reads all labels of a folder, and damaged copies of them: ``python -m benchmarks.labels FOLDER``.

``--mutations 2000 --seed 17``: how many damaged files. Each must be a label or a refusal. Prints processor
time, the slowest file and the memory of the process. Comparing is timed by ``manage.py replay_labels``.
"""

import argparse
import resource
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from monographs.labels import LabelRefused, LabelTable, label_contents, read_label
from tests.labels.mutations import mutated


def _read(data: bytes, counts: Counter[str]) -> float:
    """Read one file; return the seconds it took."""
    start = time.process_time()
    try:
        label = read_label(data)
    except LabelRefused:
        counts["refused"] += 1
    else:
        counts["read"] += 1
        for section in label.walk():
            counts["sections"] += 1
            counts["tables"] += sum(isinstance(block, LabelTable) for block in section.blocks)
    return time.process_time() - start


def _report(name: str, files: Iterable[bytes]) -> None:
    counts: Counter[str] = Counter()
    seconds = [_read(data, counts) for data in files]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found = ", ".join(f"{number:,} {what}" for what, number in counts.items())
    print(f"{name}: {found}; {sum(seconds):.1f} s, slowest {max(seconds, default=0):.2f} s; {memory} MB")


def main() -> None:
    """Read what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mutations", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=17)
    options = parser.parse_args()
    _report("Sound", (content.data for content in label_contents(options.folder)))
    sound = [content.data for content in label_contents(options.folder)]
    _report("Damaged", mutated(sound, options.mutations, options.seed))


if __name__ == "__main__":
    main()
