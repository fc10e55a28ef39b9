import socket, pytest
def test_net():
    with pytest.raises(AssertionError):
        socket.create_connection(("93.184.216.34", 80), 1)
def test_phone(phone, axe):
    phone.set_content("<html lang=ja><title>x</title><main><h1>a</h1><img src=x></main>")
    assert [a for a in axe(phone) if a.startswith("image-alt")]
def test_mail(smtp_sink):
    from django.core.mail import send_mail
    send_mail("件名", "本文", "a@example.jp", ["b@example.jp"])
    assert smtp_sink.to("b@example.jp")[0]["Subject"] == "件名"
