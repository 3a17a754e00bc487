"""The id of the request that a thread answers, for its log entries and its response."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
