"""Printable leaflets of medicines: PDFs with a QR code that leads to the current edition."""
