"""Staff of the sample city at the desk, without a browser."""

import pytest
from django.test import Client

from fixtures.cases import account
from fixtures.desk import exempt_pickup


@pytest.fixture
def sign_in(joso):
    """sign_in("kankyo.tanto") → a client who is signed in as that sample person."""

    def one(mail):
        client = Client()
        client.force_login(account(mail), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return one


@pytest.fixture
def clerk(sign_in):
    """The clerk of the environment section."""
    return sign_in("kankyo.tanto")


@pytest.fixture
def exempt(joso):
    """exempt(name="…") → a pickup with an application for exemption, with its proof (special) as a photo."""
    return exempt_pickup
