"""What tests build on is itself tested."""

import socket

import pytest
from django.core.mail import send_mail

from fixtures.network import OutsideWorld


def test_no_test_reaches_another_machine():
    with pytest.raises(OutsideWorld):
        socket.create_connection(("192.0.2.1", 80), 1)


def test_axe_finds_what_is_wrong_with_a_page(phone, axe):
    phone.set_content("<html lang=ja><title>頁</title><main><h1>見出し</h1><img src=x></main>")

    assert [fault.split()[0] for fault in axe(phone)] == ["image-alt"]


def test_the_mail_server_keeps_what_is_sent(smtp_sink):
    send_mail("件名", "本文", "machi@example.jp", ["hanako@example.jp"])

    assert [message["Subject"] for message in smtp_sink.to("hanako@example.jp")] == ["件名"]
