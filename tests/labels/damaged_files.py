"""Files of labels and damaged copies of them, read in a process whose memory is that of reading alone."""

import json
import subprocess
import sys
from pathlib import Path

from django.conf import settings

#: Of one file, and of the process in MB.
SLOWEST_SECONDS, LARGEST_MB = 10, 500
#: Seconds after which the process hangs.
_TIME_LIMIT = 400


def read_with_damage(folder: Path, mutations: int) -> dict[str, int]:
    """Assert that each damaged copy is read or refused with a reason; return what sound files held."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.labels",
        str(folder),
        "--json",
        "--mutations",
        str(mutations),
    ]
    ran = subprocess.run(
        command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=_TIME_LIMIT, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2_000:]
    sound, damaged = map(json.loads, ran.stdout.splitlines())
    counts = damaged["counts"]
    assert counts["read"] + counts["refused"] == mutations
    assert min(counts["read"], counts["refused"]) > mutations // 20
    assert len(damaged["vaguest"]) > 20, damaged["vaguest"]
    assert max(sound["slowest"], damaged["slowest"]) < SLOWEST_SECONDS
    assert damaged["memory"] < LARGEST_MB
    return dict(sound["counts"])
