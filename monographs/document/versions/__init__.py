"""Every version of documents that was ever signed, each readable for good.

A version's shape is a file that never changes after the release that wrote the first document of it; see
``docs/decisions/0022-versions-of-documents.md`` for how to add one.
"""
