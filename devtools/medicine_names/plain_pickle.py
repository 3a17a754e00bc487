"""Reads a pickle that holds plain data only (dicts, lists, sets, texts, numbers), and refuses any other."""

import io
import pickle
from typing import Any


class NotPlainData(ValueError):
    """The pickle names a class or a function, so loading it could run code."""


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str) -> Any:
        raise NotPlainData(f"the pickle asks for {module_name}.{global_name}; only plain data is read")


def load_plain(data: bytes) -> Any:
    """Return the plain data in ``data``. Raises ``NotPlainData`` if it asks for anything importable."""
    return _PlainUnpickler(io.BytesIO(data)).load()
