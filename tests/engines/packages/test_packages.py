"""A package travels: the same bytes each time, refused when anything is odd, and never published by arriving."""

import io
import re
import stat
import zipfile
from functools import cache

import pytest

from fixtures.cases import BULKY, person
from fixtures.neighbour import ITEMS, NEIGHBOUR_KEY, THEIRS, as_neighbours, in_words, resigned
from machi.engines.definitions import public as definitions
from machi.engines.packages import public as packages
from machi.engines.packages.archive import MOST_BYTES, pack, unpack
from machi.engines.packages.reading import read

pytestmark = pytest.mark.usefixtures("joso")
@pytest.fixture
def data(joso):
    return exported()


@cache
def exported():
    """The package of the bulky-waste pickup; the city is the same in all tests."""
    return packages.export("procedure", BULKY, "Apache-2.0")[1]


def refusal(data):
    with pytest.raises(packages.PackageRefused) as refused:
        read(data)
    return str(refused.value)


def rewritten(data, edit, compression=zipfile.ZIP_STORED):
    """The package with its zip entries as `edit` gives them: [(ZipInfo, bytes)]."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [(zipfile.ZipInfo(one.filename, one.date_time), archive.read(one)) for one in archive.infolist()]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for about, content in edit(entries):
            about.compress_type = compression
            archive.writestr(about, content)
    return out.getvalue()


def added(data, name):
    return rewritten(data, lambda entries: [*entries, (zipfile.ZipInfo(name), b"x")])


def bomb(data):
    """Forty megabytes of nothing in a few kilobytes."""
    return rewritten(data, lambda entries: [(zipfile.ZipInfo(ITEMS), bytes(40_000_000))], zipfile.ZIP_DEFLATED)


def test_the_same_procedure_is_the_same_bytes_with_all_it_uses(data):
    assert packages.export("procedure", BULKY, "Apache-2.0") == (f"{BULKY}.machi.zip", data)
    said = read(data).manifest
    assert {entry.of for entry in said.entries if entry.name is None} >= {
        f"procedure/{BULKY}", "choices/waste.bulky_items", "choices/people.towns", "fragment/people.contact",
        "document/waste.bulky_slip", "notice/general.receipt", "calendar/calendar.office",
    }  # fmt: skip
    assert [entry.name for entry in said.entries if entry.name] == ["bulky_slip.typ"]
    assert (said.about, said.origin.name, said.licence) == (f"procedure/{BULKY}", "常総市", "Apache-2.0")
    assert not [entry for entry in said.entries if entry.key[0] in ("city", "organisation")]


def test_what_is_not_in_force_cannot_leave():
    with pytest.raises(packages.PackageRefused, match="公開されていません"):
        packages.export("procedure", "no.such", "Apache-2.0")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda data: b"", "パッケージとして開けません"),
        (lambda data: b"%PDF-1.7", "パッケージとして開けません"),
        (lambda data: data[: len(data) // 2], "パッケージとして開けません"),
        (lambda data: data + b"\0", "開けません|作られたときの形ではありません"),
        (lambda data: b"MZ" + data, "作られたときの形ではありません"),
        (lambda data: b"x" * (MOST_BYTES + 1), "大きすぎます"),
        (lambda d: added(d, "../../etc/passwd"), "あってはならない"),
        (lambda data: added(data, "/etc/passwd"), "あってはならない"),
        (lambda data: added(data, "files\\x"), "あってはならない"),
        (lambda data: added(data, "files/a/../../x"), "あってはならない"),
        (lambda data: added(data, "files/"), "あってはならない"),
        (lambda data: rewritten(data, lambda e: [*e, (linked("files/a/b"), b"/etc/passwd")]), "リンク"),
        (lambda data: pack({**unpack(data), **{f"files/a/{n}": b"" for n in range(300)}}), "多すぎます"),
        (lambda data: rewritten(data, list, zipfile.ZIP_DEFLATED), "圧縮し直され"),
        (bomb, "圧縮し直され"),
        (lambda data: rewritten(data, lambda e: e[::-1]), "作られたときの形ではありません"),
        (lambda data: without(data, "manifest.json"), "目録（manifest.json）がありません"),
        (lambda data: without(data, "signature.json"), "署名がありません"),
        (lambda data: without(data, ITEMS), "目録と中身が合いません"),
        (lambda data: pack({**unpack(data), "files/a/more.typ": b"x"}), "目録と中身が合いません"),
        (lambda data: pack({**unpack(data), ITEMS: unpack(data)[ITEMS] + b"\n"}), "変えられています"),
        (lambda data: edited(data, "manifest.json", b"Apache", b"Apbche"), "署名が目録と合いません"),
        (lambda data: edited(data, "signature.json", b"Ed25519", b"none"), "署名（signature.json）を読めません"),
        (lambda data: pack({**unpack(data), "signature.json": b"[" * 9000}), "署名（signature.json）を読めません"),
        (lambda data: resigned(data, manifest=lambda said: said.update(package=2)), "目録.*を読めません"),
        (lambda data: resigned(data, manifest=lambda said: said.update(about="procedure/x.y")), "主である"),
        (lambda data: resigned(data, change=in_words(ITEMS, "machi: 1", "machi: 9")), "プログラムを新しく"),
        (lambda data: resigned(data, change=in_words(ITEMS, "kind: choices", "kind: notice")), "別の定義"),
        (lambda data: resigned(data, change=in_words(ITEMS, "kind: choices", "kind: [")), "を読めません"),
        (lambda data: resigned(data, change=lambda c: c.update({ITEMS: b"\xff\xfe"})), "を読めません"),
    ],
)  # fmt: skip
def test_a_file_that_is_odd_is_refused_in_words(data, spoil, words):
    assert re.search(words, refusal(spoil(data)))


def linked(name):
    about = zipfile.ZipInfo(name)
    about.external_attr = (stat.S_IFLNK | 0o777) << 16
    return about


def without(data, name):
    contents = unpack(data)
    del contents[name]
    return pack(contents)


def edited(data, name, before, after):
    return pack({**unpack(data), name: unpack(data)[name].replace(before, after)})


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(data):
    twice = rewritten(data, lambda entries: [*entries, (zipfile.ZipInfo(ITEMS), b"x")])

    assert f"「{ITEMS}」が二つ入っています" in refusal(twice)


def test_every_single_changed_byte_of_the_contents_is_seen(data):
    contents = unpack(data)
    for place in range(data.index(contents["manifest.json"]), len(data), len(data) // 40):
        spoilt = bytearray(data)
        spoilt[place] ^= 1
        assert refusal(bytes(spoilt))


def test_our_own_package_holds_nothing_new(data):
    came = packages.receive(data=data, name="x.machi.zip", actor=person("digital.kanri"))
    found = packages.report_of(came)

    assert (found.signer.state, {item.state for item in found.items}) == ("own", {"same"})
    assert packages.receive(data=data, name="again.machi.zip", actor=person("digital.kanri")).id == came.id


def test_a_neighbours_procedure_lands_as_a_manuscript_and_what_differs_only_when_asked(data):
    sent = as_neighbours(data, change=in_words(ITEMS, "fee: 400", "fee: 1400"))
    packages.know(key=NEIGHBOUR_KEY, city="082333", name="となり市", actor=person("digital.kanri"))
    came = packages.receive(data=sent, name="pickup.machi.zip", actor=person("digital.kanri"))
    found = {item.reference: item for item in packages.report_of(came).items}

    assert found["procedure/waste.neighbour_pickup"].state == "new"
    assert found["choices/waste.bulky_items"].state == "different"
    assert any("手数料" in change for change in found["choices/waste.bulky_items"].changes)
    outcomes = {reference: how for reference, how, _words in land(came, replace={"choices/waste.bulky_items"})}
    assert outcomes["procedure/waste.neighbour_pickup"] == "manuscript"
    assert outcomes["choices/waste.bulky_items"] == "draft"
    assert outcomes["choices/people.towns"] == "kept"
    assert definitions.current("procedure", "waste.neighbour_pickup") is None
    assert [draft.code for draft in definitions.drafts()] == ["waste.bulky_items"]
    (manuscript,) = definitions.manuscripts()
    assert definitions.examine(manuscript.revision.source, manuscript.assets).errors == []


def land(came, *, mail="digital.kanri", replace=(), accept=False, remember=False):
    done = packages.land(
        arrival_id=came.id, replace=set(replace), accept_signer=accept, remember=remember, actor=person(mail)
    )
    return done.landed


def test_an_unknown_signer_is_taken_only_from_somebody_who_may_publish(data):
    came = packages.receive(data=as_neighbours(data), name="n.machi.zip", actor=person("digital.kanri"))

    assert packages.report_of(came).signer.state == "unknown"
    with pytest.raises(packages.PackageRefused, match="鍵の指紋を確かめて"):
        land(came)
    with pytest.raises(packages.PackageRefused, match="公開できる人だけ"):
        land(came, accept=True)
    assert definitions.manuscripts() == []
    land(came, mail="digital.kokai", accept=True, remember=True)
    assert packages.report_of(came).signer.name == "となり市"
    with pytest.raises(packages.PackageRefused, match="もう取り込まれています"):
        land(came)


def test_a_key_that_was_taken_back_is_unknown_again(data):
    packages.know(key=NEIGHBOUR_KEY, city="082333", name="となり市", actor=person("digital.kanri"))
    came = packages.receive(data=as_neighbours(data), name="n.machi.zip", actor=person("digital.kanri"))
    assert packages.report_of(came).signer.state == "known"

    assert packages.forget_key(key=NEIGHBOUR_KEY, actor=person("digital.kanri"))
    assert packages.report_of(came).signer.state == "unknown"


def test_units_that_are_not_here_are_told(data):
    name = "definitions/procedure/waste.neighbour_pickup.yaml"
    sent = resigned(as_neighbours(data), change=in_words(name, "owner: environment", "owner: clean_centre"))
    came = packages.receive(data=sent, name="n.machi.zip", actor=person("digital.kanri"))
    assert packages.report_of(came).missing_units == ["clean_centre"]


def test_the_draft_of_somebody_else_is_never_overwritten(data):
    packages.know(key=NEIGHBOUR_KEY, city="082333", name="となり市", actor=person("digital.kanri"))
    dearer = resigned(data, change=in_words(ITEMS, "fee: 400", "fee: 1400"))
    dearest = resigned(data, change=in_words(ITEMS, "fee: 400", "fee: 2400"))
    first, second = (
        packages.receive(data=one, name="n.machi.zip", actor=person("digital.kanri")) for one in (dearer, dearest)
    )
    land(first, replace={"choices/waste.bulky_items"})
    (draft,) = definitions.drafts()

    refused = [line for line in land(second, mail="digital.kokai", replace={"choices/waste.bulky_items"}) if line[2]]
    assert refused[0][:2] == ["choices/waste.bulky_items", "refused"]
    assert "下書きが公開を待っています" in refused[0][2]
    assert definitions.drafts()[0].source == draft.source


def test_a_package_is_written_and_taken_in_from_the_command_line(data, tmp_path, capsys):
    from django.core.management import CommandError, call_command

    call_command("export_package", BULKY, to=tmp_path / "a.machi.zip")
    assert (tmp_path / "a.machi.zip").read_bytes() == data
    (tmp_path / "b.machi.zip").write_bytes(as_neighbours(data))
    with pytest.raises(CommandError, match="だれが取り込むか"):
        call_command("import_package", tmp_path / "b.machi.zip")
    call_command("import_package", tmp_path / "b.machi.zip", "--as", "digital.kokai@joso.example", "--accept-signer")
    assert "原稿になった: procedure/waste.neighbour_pickup" in capsys.readouterr().out


def test_overlays_lie_on_what_a_neighbour_sends_and_meet_its_next_version(data, tmp_path):
    base, city = tmp_path / "neighbour", tmp_path / "city"
    city.mkdir()
    packages.write_files(as_neighbours(data), base, accept_signer=True)
    overlay = "machi: 1\nkind: overlay\nbase: waste.neighbour_pickup\nset: {settings.max_items: 7}\n"
    (city / "pickup.yaml").write_text(overlay)
    definitions.write_locks(definitions.footings([base, city]))
    newer = resigned(as_neighbours(data), change=in_words(f"definitions/{THEIRS}.yaml", "value: 8", "value: 6"))

    with pytest.raises(packages.PackageRefused, match="--accept-signer"):
        packages.write_files(newer, base)
    packages.write_files(newer, base, accept_signer=True)
    (footing,) = definitions.footings([base, city])
    (conflict,) = footing.conflicts
    assert (conflict.address, conflict.before, conflict.now, conflict.ours) == ("settings.max_items", "8", "6", "7")
    (base / "mine.yaml").write_text("machi: 1")
    with pytest.raises(packages.PackageRefused, match=r"mine\.yaml"):
        packages.write_files(newer, base, accept_signer=True)
