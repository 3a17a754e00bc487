"""What readers say of a page: an answer, words if they like, and which edition they mean; nothing else.

No part of the record: it signs nothing, and nothing that patients read follows from it.
"""
