"""Write the shape of the newest version from today's models; only before a release writes documents of it."""

import json
from pathlib import Path

from monographs.document.models import SCHEMA_VERSION
from monographs.document.versions.shape import frozen_shape
from monographs.document.versions.stored_document import MODELS

if __name__ == "__main__":
    shape = frozen_shape(MODELS[-1].json_schema(mode="serialization"))
    file = Path(__file__).with_name(f"version_{SCHEMA_VERSION}.json")
    file.write_text(json.dumps(shape, indent=1, sort_keys=True) + "\n", "utf-8")
