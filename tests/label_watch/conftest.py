from collections.abc import Iterator

import pytest

from tests.label_watch.label_checks import ONE
from tests.label_watch.label_service import LabelSite, label_service


@pytest.fixture(scope="module")
def running_label_site() -> Iterator[LabelSite]:
    """The server, which runs while a module's tests do."""
    with label_service() as site:
        yield site


@pytest.fixture
def label_site(running_label_site: LabelSite) -> LabelSite:
    """The server with one label, version 3."""
    fresh = LabelSite(address=running_label_site.address)
    running_label_site.__dict__.update(fresh.__dict__)
    running_label_site.publish(3)
    running_label_site.product.append(ONE)
    return running_label_site
