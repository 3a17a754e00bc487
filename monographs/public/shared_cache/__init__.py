"""What shared HTTP caches in front of the service keep, for how long, and how they learn of a change.

``lifetime`` says for how long, ``surrogate_keys`` what depends on what, ``purge_outbox`` stores purges in the
transaction of a publication and sends them to the ``nodes`` after it (decision 43).
"""
