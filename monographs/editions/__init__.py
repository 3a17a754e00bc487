"""Editions, signatures, publications and the ledger: append-only tables, enforced by the database."""
