from tests.public.conftest import check_deferred_constraints

__all__ = ["check_deferred_constraints"]
