"""The page of a medicine as a leaflet to print, to keep, and to come back from: a PDF with a QR code."""
