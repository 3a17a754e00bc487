"""Export of all append-only tables as a folder that can be verified without this software.

``write_export`` writes the folder and copies ``verify_export.py``, which needs Python only, into it.
"""

from monographs.editions.export.bundle import ExportRefused, ExportSummary, write_export

__all__ = ["ExportRefused", "ExportSummary", "write_export"]
