"""How long caches keep public responses: browsers not at all, shared caches for seconds.

The bounds hold with every purge lost. They are not settings: what they promise about withdrawn pages is part
of the safety case, and ``deploy/varnish/default.vcl`` and its tests rely on them.
"""

#: Seconds for which a shared cache answers without asking (RFC 9111, ``s-maxage``).
FRESH_SECONDS = 3
#: Seconds after that for which it may still answer, while it asks (RFC 5861, ``stale-while-revalidate``).
REVALIDATION_SECONDS = 1
#: While the service answers, a withdrawn page is gone from every cache after this long, its purge lost: the
#: two above and a second to ask.
WITHDRAWN_BOUND_SECONDS = FRESH_SECONDS + REVALIDATION_SECONDS + 1
#: No cache shows anything older than this, whatever has failed. Covers a restart or a switch of the database.
STALE_BOUND_SECONDS = 60
#: Seconds after the first for which a cache may answer because the service does not (RFC 5861,
#: ``stale-if-error``). The last seconds of the bound are for a request that began within it.
ERROR_SECONDS = STALE_BOUND_SECONDS - FRESH_SECONDS - 5

#: What shared caches are told. They must ask again after a few seconds, so that a withdrawal takes effect.
SHARED = (
    f"s-maxage={FRESH_SECONDS}, stale-while-revalidate={REVALIDATION_SECONDS}, stale-if-error={ERROR_SECONDS}"
)
#: Browsers must ask each time.
CACHE_CONTROL = f"public, max-age=0, must-revalidate, {SHARED}"
#: For content addressed by hash or edition number, which never changes: browsers may keep it for a year.
#: Shared caches ask like for pages, because the page may have been withdrawn.
IMMUTABLE_CACHE_CONTROL = f"public, max-age=31536000, immutable, {SHARED}"
#: For refusals and errors: they answer one request, and say nothing about the next one.
UNSHARED_CACHE_CONTROL = "public, max-age=0, must-revalidate, s-maxage=0"
#: Statuses that depend on the address alone.
SHARED_STATUSES = frozenset({200, 301, 302, 304, 404, 410})
