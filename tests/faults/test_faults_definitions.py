"""One broken file in a city's folder: it is named, and everything that was published goes on."""

import shutil

import pytest

from fixtures.cases import BULKY, VOICE, send, voice
from fixtures.databases import ROOT
from machi.engines.audit.define import SYSTEM
from machi.engines.definitions.public import current, load, version

PROCEDURE = "packages/municipality/waste/procedures/bulky_pickup.yaml"


@pytest.fixture
def copy(joso, tmp_path):
    """A copy of the package and the city, ready to be broken."""
    for part in ("packages/municipality", "cities/joso"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return tmp_path


def reload(copy):
    return load(folders=[copy / "packages/municipality", copy / "cities/joso"], actor=SYSTEM)


BREAKS = {
    "an expression with a name that is not there": ('amount: "total"', 'amount: "totals"', "totals"),
    "a step that is not there": ("next: collect", "next: colect", "colect"),
    "a word the grammar does not know": ("retention: {years: 3}", "retain: {years: 3}", "retain"),
    "no YAML at all": ("retention: {years: 3}", "retention: {years: 3", ""),
    "a scenario that no longer comes true": ("total: 0, visible", "total: 1, visible", "テスト"),
}


@pytest.mark.parametrize("what", BREAKS)
def test_a_broken_file_is_named_and_the_old_version_stays(copy, client, what):
    old, new, told = BREAKS[what]
    before = current("procedure", BULKY)
    path = copy / PROCEDURE
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")

    report = reload(copy)

    assert [fault for fault in report.errors if fault.file.endswith("bulky_pickup.yaml") and fault.line], report.errors
    assert told in "\n".join(map(str, report.errors))
    after = current("procedure", BULKY)
    assert (after.id, after.digest) == (before.id, before.digest)
    assert version(before.id).bundle == before.bundle
    for page in ("/", f"/procedures/{BULKY}/", f"/procedures/{VOICE}/", "/healthz"):
        assert client.get(page).status_code == 200, page
    assert send(VOICE, voice()).number


def test_a_broken_list_of_fees_holds_back_what_uses_it_and_nothing_else(copy, client):
    before = current("procedure", BULKY)
    path = copy / "cities/joso/waste/choices/bulky_items.yaml"
    path.write_text(path.read_text("utf-8").replace("fee: 1000", "fee: 千円", 1), "utf-8")

    report = reload(copy)

    assert any(fault.file.endswith("bulky_items.yaml") and fault.line for fault in report.errors)
    assert current("procedure", BULKY).id == before.id
    assert client.get(f"/procedures/{BULKY}/").status_code == 200
