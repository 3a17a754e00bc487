from tests.public.conftest import the_database_agrees

__all__ = ["the_database_agrees"]
