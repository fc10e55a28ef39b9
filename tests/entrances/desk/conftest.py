"""Staff of the sample city at the desk, without a browser."""

import io

import pytest
from django.test import Client
from PIL import Image

from fixtures.cases import ANONYMOUS, BULKY, account, bulky
from machi.engines.definitions.public import current
from machi.engines.files import public as files
from machi.engines.procedures import public as procedures
from machi.ground.ids import new_id


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

    def one(**more):
        draft = f"draft:{new_id()}"
        blob = files.store(photo(), mime="image/png", name="手帳.png")
        proof = files.attach(
            blob=blob, owner=draft, field="proof", name="障害者手帳.png", sensitivity="special"
        )
        answers = bulky(exempt=True, proof=[str(proof.id)], **more)
        sender = procedures.Sender(actor=ANONYMOUS)
        return procedures.submit(
            version=current("procedure", BULKY),
            answers=answers,
            sender=sender,
            command_id=new_id(),
            from_owner=draft,
        )

    return one


def photo():
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()
