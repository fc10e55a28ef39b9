"""Finding a procedure without knowing its name: door by door."""

import re

from machi.entrances.portal.doors import DOORS, public_procedures


def sections(client, language):
    """{heading: [addresses of procedures]} of the page of all procedures, in its order."""
    page = client.get(f"/procedures/?lang={language}", follow=True).content.decode()
    parts = re.findall(r'<section class="section" id="\w+"><h2>(.*?)</h2>(.*?)</section>', page, re.DOTALL)
    return {heading: re.findall(r'href="(/procedures/[\w.]+/)"', listed) for heading, listed in parts}


def test_every_procedure_stands_once_in_one_part_of_the_page(client, joso):
    found = sections(client, "ja")
    assert [*found] == [*(str(label) for label, _text in DOORS.values()), "事業者・団体・そのほか"]
    listed = [address for part in found.values() for address in part]
    assert sorted(listed) == sorted(f"/procedures/{version.code}/" for version in public_procedures())
    assert "/procedures/procurement.quote/" in found["事業者・団体・そのほか"]


def test_the_order_is_that_of_the_words_one_reads(client, joso):
    page = client.get("/procedures/?lang=pt-br", follow=True).content.decode()
    first = [page.index(f"/procedures/residents.{code}/") for code in ("seal_certificate", "move_within", "move_out")]
    assert first == sorted(first)  # Atestado…, Mudança dentro…, … : not the order of the Japanese titles
