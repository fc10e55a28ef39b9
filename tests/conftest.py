"""What every test can ask for: a database of its own, a mail server, a browser, a whole running city hall.

The fixtures themselves stand in tests/fixtures/, one file per subject.
"""

import os

import pytest

pytest_plugins = (
    "fixtures.databases",
    "fixtures.mail",
    "fixtures.network",
    "fixtures.cities",
    "fixtures.towns",
    "fixtures.browsers",
)

# Where the long tests are, the longest files first: they start processes, look at every page, load whole cities.
LONG = (
    "tests/entrances/test_entrances_policy",
    "tests/definitions/",
    "tests/faults/",
    "tests/journeys/",
    "tests/house/",
    "tests/ui/",
    "tests/engines/procedures/",
    "tests/entrances/desk/",
    "tests/engines/effects/",
)

# Playwright's synchronous interface keeps an event loop in the thread, which Django would take for
# asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_configure(config):
    """Settings that only tests have."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; opens nothing
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where there is none
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0  # threads of a test leave no connection behind


def pytest_collection_modifyitems(items):
    """Mark the tests that drive a running city hall, so that they can be chosen: -m town, -m "not town".

    What takes long comes first, so that no worker is left alone with it at the end.
    """
    for item in items:
        if "town" in getattr(item, "fixturenames", ()):
            item.add_marker("town")
    items.sort(key=_place_in_line)


def _place_in_line(item):
    name = item.path.relative_to(item.config.rootpath).as_posix()
    return next((place for place, start in enumerate(LONG) if name.startswith(start)), len(LONG))


@pytest.fixture(autouse=True)
def in_japanese():
    """Every test begins in Japanese, whatever language the one before it spoke."""
    from django.utils import translation

    with translation.override("ja"):
        yield
