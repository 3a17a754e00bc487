"""Reads all labels of a folder, and damaged copies of them: ``python -m benchmarks.labels FOLDER``.

``--mutations 2000 --seed 17``: how many damaged files. Each must be a label or a refusal. Prints processor
time, the slowest file and the memory of the process; ``--json`` prints the figures for programs. Comparing is
timed by ``manage.py replay_labels``.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import largest_memory
from monographs.labels import LabelRefused, LabelTable, label_contents, read_label
from tests.labels.mutations import mutated


@dataclass
class ReadFiles:
    """What came of reading files: counts, processor time in seconds, the largest memory in MB.

    ``vaguest`` is the shortest reason of a refusal.
    """

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    slowest: float = 0.0
    memory: int = 0
    vaguest: str = ""

    def read(self, files: Iterable[bytes]) -> "ReadFiles":
        """Read the files one by one."""
        for data in files:
            start = time.process_time()
            self._read(data)
            taken = time.process_time() - start
            self.seconds, self.slowest = self.seconds + taken, max(self.slowest, taken)
        self.memory = largest_memory()
        return self

    def _read(self, data: bytes) -> None:
        try:
            label = read_label(data)
        except LabelRefused as error:
            self.counts["refused"] += 1
            self.vaguest = min(self.vaguest or str(error), str(error), key=len)
            return
        self.counts["read"] += 1
        for section in label.walk():
            self.counts["sections"] += 1
            self.counts["tables"] += sum(isinstance(block, LabelTable) for block in section.blocks)

    def __str__(self) -> str:
        found = ", ".join(f"{number:,} {what}" for what, number in self.counts.items())
        return f"{self.name}: {found}; {self.seconds:.1f} s, slowest {self.slowest:.2f} s; {self.memory} MB"


def main() -> None:
    """Read what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mutations", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    sound = [content.data for content in label_contents(options.folder)]
    for name, files in (("Sound", sound), ("Damaged", mutated(sound, options.mutations, options.seed))):
        found = ReadFiles(name).read(files)
        print(json.dumps(vars(found)) if options.json else found, flush=True)


if __name__ == "__main__":
    main()
