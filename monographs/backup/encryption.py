"""Encryption of archives to a public key, in the format of age (https://age-encryption.org/v1)."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import pyrage

from monographs.core.age_keys import KeyRefused

#: How every encrypted file begins.
INTRODUCTION = b"age-encryption.org/v1\n"


def identities(file: Path) -> list[Any]:
    """Return the private keys in a file of ``age-keygen`` or ``ssh-keygen``. Raises ``KeyRefused``."""
    try:
        data = file.read_bytes()
        if b"PRIVATE KEY-----" in data:
            return [pyrage.ssh.Identity.from_buffer(data)]
        lines = [line.strip() for line in data.decode().splitlines()]
        return [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise KeyRefused(f"{file} holds no private key: {error}") from error


@contextmanager
def encrypted(file: IO[bytes], recipients: list[Any]) -> Iterator[IO[bytes]]:
    """A stream that writes to ``file``, encrypted to ``recipients`` if there are any. Raises ``OSError``."""
    if not recipients:
        yield file
        return

    def encrypt(source: IO[bytes]) -> None:
        with source:  # closed also after an error, so that the writer does not wait for ever
            try:
                pyrage.encrypt_io(source, file, recipients)
            except pyrage.EncryptError as error:  # says what ``file`` raised, e.g. that the disk is full
                raise OSError(str(error).removeprefix("OSError: ")) from error

    with _pipe() as (source, sink), ThreadPoolExecutor(1) as thread:
        encryption = thread.submit(encrypt, source)
        try:
            with sink:
                yield sink
        except BrokenPipeError:
            encryption.result()  # why nobody reads any more
            raise
        encryption.result()


@contextmanager
def decrypted(file: IO[bytes], key_file: Path | None) -> Iterator[IO[bytes]]:
    """A stream of the plain text of ``file``, which may be encrypted or not. Raises ``KeyRefused``."""
    is_encrypted = file.read(len(INTRODUCTION)) == INTRODUCTION
    file.seek(0)
    if not is_encrypted:
        yield file
        return
    if key_file is None:
        raise KeyRefused("The archive is encrypted. Name the file of the private key: --identity backup.key")
    keys = identities(key_file)

    def decrypt(sink: IO[bytes]) -> None:
        with suppress(BrokenPipeError), sink:
            pyrage.decrypt_io(file, sink, keys)

    with _pipe() as (source, sink), ThreadPoolExecutor(1) as thread:
        decryption = thread.submit(decrypt, sink)
        try:
            with source:
                yield source
        except Exception:
            _raise_if_undecipherable(decryption.result, key_file)
            raise
        _raise_if_undecipherable(decryption.result, key_file)


def _raise_if_undecipherable(result: Callable[[], None], key_file: Path) -> None:
    try:
        result()
    except (pyrage.DecryptError, OSError) as error:  # an OSError where a later block was changed
        if "BrokenPipe" in str(error) or "Broken pipe" in str(error):
            return  # the reader has read enough
        raise KeyRefused(
            f"The archive cannot be decrypted with {key_file}: {error}. Either it was encrypted to another "
            "key, or its bytes were changed."
        ) from error


@contextmanager
def _pipe() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as source:
        sink = os.fdopen(write_end, "wb")
        try:
            yield source, sink
        finally:
            with suppress(BrokenPipeError):
                sink.close()
