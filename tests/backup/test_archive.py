"""An archive that is not as it was written is refused, by the name of what differs."""

import io
import tarfile
from pathlib import Path

import pyrage
import pytest

from monographs.backup.archive import ArchiveDamaged, checked_manifest
from monographs.backup.encryption import identities
from monographs.backup.manifest import Manifest
from monographs.core.age_keys import KeyRefused, recipient
from tests.backup.conftest import MakeArchive

FILES = {"figures/ab.png": b"a figure", "media/original_images/cd.png": b"an upload" * 200_000}


def rewrite(path: Path, change: dict[str, bytes | None]) -> None:
    """Replace the content of members of an archive, add them, or leave them out (None)."""
    with tarfile.open(path) as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar}
    with tarfile.open(path, "w") as tar:
        for name, content in (members | change).items():
            if content is not None:
                info = tarfile.TarInfo(name)
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))


def faults(path: Path) -> str:
    with pytest.raises(ArchiveDamaged) as refused:
        checked_manifest(path, None)
    return str(refused.value)


def test_an_archive_is_read_as_it_was_written(make_archive: MakeArchive) -> None:
    manifest = checked_manifest(make_archive("SELECT 1;\n", FILES), None)
    assert {name: stored.size for name, stored in manifest.files.items()} == {
        name: len(data) for name, data in FILES.items()
    }


def test_every_changed_missing_or_added_member_is_named(make_archive: MakeArchive) -> None:
    path = make_archive("SELECT 1;\n", FILES)
    with tarfile.open(path) as tar:
        names = tar.getnames()
    assert len(names) == 5
    for name in names:
        for content in (b"changed", None):
            rewrite(make_archive("SELECT 1;\n", FILES), {name: content})
            assert (name if name != "manifest.sha256" else "manifest.json") in faults(path)
    rewrite(make_archive("SELECT 1;\n", FILES), {"files/more": b"more"})
    assert "files/more is not in the manifest" in faults(path)
    rewrite(make_archive("SELECT 1;\n", FILES), {f"files/{'0' * 64}": b"more", names[0]: b"other"})
    assert "figures/ab.png" in faults(path), "a file is named by the path that it has on disk"


def test_an_archive_that_ends_early_is_refused_wherever_it_ends(make_archive: MakeArchive) -> None:
    path = make_archive("SELECT 1;\n", FILES)
    whole = path.read_bytes()
    with tarfile.open(path) as tar:
        end = max(member.offset_data + member.size for member in tar)
    for length in (0, 100, 512, 600, len(whole) // 2, end - 600, end - 1):
        path.write_bytes(whole[:length])
        assert faults(path)


@pytest.mark.parametrize("path", ["../etc/passwd", "figures/../../x", "/etc/passwd", "other/file", "media"])
def test_no_file_is_written_outside_the_two_folders(make_archive: MakeArchive, path: str) -> None:
    plain = checked_manifest(make_archive("", FILES), None).model_dump(mode="json")
    with pytest.raises(ValueError, match="no path below figures/ or media/"):
        Manifest.model_validate(plain | {"files": {path: {"sha256": "0" * 64, "size": 1}}})


def test_a_manifest_of_a_newer_format_asks_for_the_newer_release(make_archive: MakeArchive) -> None:
    assert "restore with that release" in faults(make_archive("", format=2))


# --- Encryption ---------------------------------------------------------------------------------------


def key_file(folder: Path, key: pyrage.x25519.Identity) -> Path:
    """The file that `age-keygen` writes."""
    file = folder / "backup.key"
    file.write_text(f"# created: 2026-01-31T05:00:00Z\n# public key: {key.to_public()}\n{key}\n")
    return file


def test_an_encrypted_archive_is_read_with_its_key_only(make_archive: MakeArchive, tmp_path: Path) -> None:
    key, other = (pyrage.x25519.Identity.generate() for _ in range(2))
    path = make_archive("SELECT 1;\n", FILES, keys=[recipient(str(key.to_public()))])
    assert b"an upload" not in path.read_bytes()
    assert checked_manifest(path, key_file(tmp_path, key)).files.keys() == FILES.keys()
    with pytest.raises(KeyRefused, match="--identity"):
        checked_manifest(path, None)
    with pytest.raises(KeyRefused, match="cannot be decrypted"):
        checked_manifest(path, key_file(tmp_path, other))


@pytest.mark.parametrize("where", [0.1, 0.5, 0.999])
def test_an_encrypted_archive_that_was_changed_is_refused(
    make_archive: MakeArchive, tmp_path: Path, where: float
) -> None:
    key = pyrage.x25519.Identity.generate()
    path = make_archive("", FILES, keys=[recipient(str(key.to_public()))])
    data = bytearray(path.read_bytes())
    data[int(len(data) * where)] ^= 1
    path.write_bytes(data)
    with pytest.raises((KeyRefused, ArchiveDamaged)):
        checked_manifest(path, key_file(tmp_path, key))


def test_what_is_no_key_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match="'age1nonsense' is no public key"):
        recipient("age1nonsense")
    with pytest.raises(KeyRefused, match=r"missing\.key holds no private key"):
        identities(tmp_path / "missing.key")
    (tmp_path / "text").write_text("a text\n")
    with pytest.raises(KeyRefused, match="holds no private key"):
        identities(tmp_path / "text")
