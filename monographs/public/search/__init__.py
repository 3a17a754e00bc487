"""Finding a page: by name, by what a name sounds like, by class and condition, by the words of a text.

Names are kept in the memory of each process and follow the ledger (``following``); words are found by
PostgreSQL (``Passage``). Neither is ever shown: both only say where to look, and every answer is read
from the editions that are current at that moment.
"""
