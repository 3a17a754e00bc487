"""A compiled query finds what the query set does that it was compiled from."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.models import CharField, IntegerField, UUIDField
from django.test.utils import CaptureQueriesContext

from monographs.core.compiled_query import CompiledQuery, Parameter, among
from monographs.editions.models import Edition
from tests.public.published import monograph, publish

pytestmark = pytest.mark.django_db


def test_rows_of_a_model_are_converted_and_related_ones_are_there() -> None:
    edition = publish(monograph())
    query = CompiledQuery(lambda: Edition.objects.filter(key=Parameter("key", UUIDField())))
    (found,) = query.rows(key=edition.key)
    plain = Edition.objects.get(key=edition.key)
    fields = [field.attname for field in Edition._meta.concrete_fields]
    assert [getattr(found, name) for name in fields] == [getattr(plain, name) for name in fields]
    assert found == plain
    assert not found._state.adding
    assert query.rows(key=uuid.uuid4()) == []


def test_other_values_are_looked_up_each_time_with_the_sql_of_the_first() -> None:
    one, two = (User.objects.create_user(name) for name in ("one", "two"))
    built = []

    def build() -> Any:
        built.append(1)
        return User.objects.filter(username=Parameter("name", CharField())).values_list("pk", flat=True)

    query: CompiledQuery[int] = CompiledQuery(build)
    assert [query.first(name=name) for name in ("one", "two", "three")] == [one.pk, two.pk, None]
    assert built == [1]


def test_lists_tuples_related_rows_and_existence() -> None:
    group = Group.objects.create(name="A group")
    people = [User.objects.create_user(name) for name in ("one", "two", "three")]
    for person in people[:2]:
        person.groups.add(group)
    names: CompiledQuery[tuple[int, str]] = CompiledQuery(
        lambda: (
            User.objects.filter(among("username", Parameter("names", CharField())))
            .order_by("pk")
            .values_list("pk", "username")
        )
    )
    assert names.rows(names=["three", "one"]) == [(people[0].pk, "one"), (people[2].pk, "three")]
    assert names.rows(names=[]) == []
    member = CompiledQuery(
        lambda: User.objects.filter(groups=group, pk=Parameter("user", IntegerField())), exists=True
    )
    assert [member.any(user=person.pk) for person in people] == [True, True, False]
    through = CompiledQuery(
        lambda: User.groups.through.objects.select_related("user", "group").filter(
            user=Parameter("user", IntegerField())
        )
    )
    with CaptureQueriesContext(connection) as queries:
        (row,) = through.rows(user=people[0].pk)
        assert (row.user, row.group) == (people[0], group)
    assert len(queries) == 1
