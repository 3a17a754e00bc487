"""Periodic work of the service: what is to be done how often, and one process that does it.

A package declares its jobs in a module ``periodic_jobs`` with ``periodic_job``; ``manage.py scheduler`` runs
them. Several schedulers may run at once: a lock in the database lets one of them run a job at a time.
"""
