"""A site with workers of its own, which the tests kill. One for all of them: starting it takes as long as they do."""

import pytest

from tests.browser.site import running_site
from tests.workers import Workers


@pytest.fixture(scope="session")
def _workers(tmp_path_factory):
    with running_site(tmp_path_factory.mktemp("workers"), web=False) as site:
        workers = Workers(site)
        yield workers
        workers.kill_all()
        workers.shell.close()


@pytest.fixture
def workers(_workers):
    """A site of its own whose workers can be started and killed; empty of messages."""
    _workers.begin()
    yield _workers
    _workers.kill_all()
