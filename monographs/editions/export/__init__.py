"""The whole record as a folder that proves itself on a machine which has none of our software.

``write_export`` makes the folder; ``verify_export.py`` goes along in it and imports nothing of ours.
"""

from monographs.editions.export.bundle import ExportRefused, ExportSummary, write_export

__all__ = ["ExportRefused", "ExportSummary", "write_export"]
