"""The image can be built for both kinds of processor from wheels alone."""

import json

from devtools.image_wheels import (
    ANSWER,
    LOCK,
    MACHINES,
    accepted_tags,
    environment_of,
    image_python,
    lock_digest,
    pins,
    without_wheel,
)

PINS = """\
one==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via two
two==2.0 ; platform_machine == 'aarch64' \\
    --hash=sha256:cc
three[extra]==3.0 ; sys_platform == 'win32' \\
    --hash=sha256:dd
"""


def test_what_is_pinned_depends_on_the_machine() -> None:
    found = {machine: list(pins(PINS, environment_of((3, 13), machine))) for machine in MACHINES.values()}
    assert [pin.name for pin in found["x86_64"]] == ["one"]
    assert [pin.name for pin in found["aarch64"]] == ["one", "two"]
    assert found["x86_64"][0].hashes == {"aa", "bb"}
    whole = list(pins(LOCK.read_text(), environment_of(image_python(), "x86_64")))
    assert len(whole) > 50
    assert all(pin.hashes for pin in whole)


def test_only_wheels_that_the_image_can_use_count() -> None:
    names = {
        "pure": ["pure-1.0-py3-none-any.whl"],
        "stable": ["stable-1.0-cp39-abi3-manylinux_2_28_aarch64.whl", "stable-1.0.tar.gz"],
        "old": ["old-1.0-cp313-cp313-manylinux2014_aarch64.manylinux_2_17_aarch64.whl"],
        "source": ["source-1.0.tar.gz"],
        "other-python": ["other_python-1.0-cp312-cp312-manylinux_2_28_aarch64.whl"],
        "other-libc": ["other_libc-1.0-cp313-cp313-musllinux_1_2_aarch64.whl"],
        "newer-libc": ["newer_libc-1.0-cp313-cp313-manylinux_2_99_aarch64.whl"],
        "other-machine": ["other_machine-1.0-cp313-cp313-manylinux_2_28_x86_64.whl"],
    }
    missing = without_wheel(names, accepted_tags((3, 13), "aarch64"))
    assert missing == ["newer-libc", "other-libc", "other-machine", "other-python", "source"]


def test_every_locked_package_has_a_wheel_for_each_platform() -> None:
    answer = json.loads(ANSWER.read_text())
    assert answer["lock_sha256"] == lock_digest(), "ask again: python -m devtools.image_wheels"
    assert answer["python"] == "{}.{}".format(*image_python()), "ask again: python -m devtools.image_wheels"
    assert answer["without_wheel"] == {platform: [] for platform in MACHINES}
