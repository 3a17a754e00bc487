"""The pydantic base class of every document and part of a document."""

from pydantic import BaseModel, ConfigDict


class FrozenModel(BaseModel):
    """Immutable data that refuses unknown fields, so that no data gets in unreviewed."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
