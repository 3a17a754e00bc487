"""Which labels are followed, and by which pages."""

import uuid
from collections import defaultdict

from django.db import connection

from monographs.label_watch.models import FollowedLabel
from monographs.labels.spl import SET_ID

#: The label that each current edition names.
_NAMED_SQL = """
    SELECT p.key, lower(e.canonical::jsonb #>> '{identifiers,label_set_id}')
    FROM editions_publication p JOIN editions_edition e ON e.id = p.edition_id
    WHERE p.state = 'current' AND e.kind = 'monograph'
"""


def followed_labels() -> dict[str, set[uuid.UUID]]:
    """Return the set ids that pages follow, with the keys of these pages; two queries.

    A page follows the label that its current edition names, and those in ``FollowedLabel``. What an edition
    names that is no set id is left out: the house rules report it to writers.
    """
    followed: defaultdict[str, set[uuid.UUID]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_NAMED_SQL)
        named = cursor.fetchall()
    for key, set_id in [*named, *FollowedLabel.objects.values_list("key", "set_id")]:
        if set_id and SET_ID.fullmatch(set_id):
            followed[set_id].add(key)
    return dict(followed)
