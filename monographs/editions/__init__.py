"""What happened: editions, signatures, publications and the ledger. Append-only, held by the database."""
