"""Search: pages by exact, partial and misspelt name, by class and condition, and by the words of their texts.

Names are kept in an index in the memory of each process, which follows the ledger (``index_sync``); words are
found by PostgreSQL's full-text search (``Passage``). Both only select candidates: everything shown is read
from the editions that are current when the query runs.
"""
