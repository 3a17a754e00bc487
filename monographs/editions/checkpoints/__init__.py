"""The ledger's head as a signed checkpoint that witnesses can cosign, proofs of editions, copies elsewhere.

The formats are those of C2SP (c2sp.org): signed-note, tlog-checkpoint, tlog-cosignature, tlog-witness and
tlog-proof.
"""
