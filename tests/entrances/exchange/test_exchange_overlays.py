"""The page of overlays: a base that changed under the city's feet is shown with all three values."""

import shutil

from django.test import Client

from fixtures.cases import account


def page(client):
    return client.get("/exchange/overlays/").content.decode()


def test_a_conflict_is_shown_with_the_three_values_and_the_way_out(joso, settings, tmp_path):
    client = Client()
    client.force_login(account("digital.kokai"), backend="django.contrib.auth.backends.ModelBackend")
    assert "waste/overlays/bulky_pickup.yaml" in page(client)
    assert "決めることがある" not in page(client)

    settings.PACKAGES = tmp_path / "packages"
    home = settings.PACKAGES / "municipality" / "waste"
    home.mkdir(parents=True)
    before = settings.ROOT / "packages" / "municipality" / "waste" / "procedures" / "bulky_pickup.yaml"
    shutil.copy(before, home)
    text = (home / "bulky_pickup.yaml").read_text().replace("type: int, value: 5,", "type: int, value: 6,")
    (home / "bulky_pickup.yaml").write_text(text)

    shown = page(client)
    assert "決めることがある" in shown
    assert "<td>5</td><td>6</td><td>8</td>" in shown
    assert "--keep waste/overlays/bulky_pickup.yaml" in shown
