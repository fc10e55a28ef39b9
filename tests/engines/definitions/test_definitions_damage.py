"""Whatever happens to a file, only Faults come out, and what is in force stays."""

# ruff: noqa: E501 tables of faults are read line by line

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from machi.engines.audit.define import SYSTEM
from machi.engines.definitions import public
from machi.engines.definitions.define import Fault

RELAXED = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
OVERLAY = "set:\n  settings.pay_days: 7\n  fields.place.label.ja: 所\nhide: [lines.photo]\n"
NAMES = (
    "package/waste/slips/pickup.yaml",
    "package/waste/choices/items.yaml",
    "city/waste/slips/pickup.yaml",
)
SNIPPETS = (b"", b"\n", b" ", b"\t", b":", b"- ", b"{", b"]", b'"', b"&a ", b"*a", b"!!x ", b"---\n", b"\x00", b"\xff", b"\\", "鬼".encode(),
            b"key: ", b"null", b"[[[[", b"99999999999999999999", b"<<: ", b"# ", b"...\n", b"%YAML 1.1\n", b"? ", b"| ")  # fmt: skip


@st.composite
def damage(draw, data):
    """`data` with one to three bytes, pieces or lines lost, repeated, moved or put in."""
    for _wound in range(draw(st.integers(1, 3))):
        lines = data.splitlines(keepends=True)
        at, length = draw(st.integers(0, len(data))), draw(st.integers(0, 12))
        line = draw(st.integers(0, max(0, len(lines) - 1)))
        data = draw(
            st.sampled_from(
                [
                    data[:at] + draw(st.sampled_from(SNIPPETS)) + data[at:],
                    data[:at] + data[at + length :],
                    data[:at] + draw(st.binary(max_size=3)) + data[at + 1 :],
                    b"".join(lines[:line] + lines[line + 1 :]),
                    b"".join(lines[: line + 1] + lines[line:]),
                    b"".join([*lines[:line], b"  ", *lines[line:]]),
                    b"".join(lines[:line] + lines[line + 1 :] + lines[line : line + 1]),
                    data[:at],
                ]
            )
        )
    return data


@pytest.fixture
def whole(folder):
    """The good files with an overlay: {name: bytes}."""
    folder.overlay(OVERLAY)
    root = folder.package.parent
    return folder, {name: (root / name).read_bytes() for name in NAMES}


@given(choice=st.data())
@RELAXED
def test_damaged_files_give_only_faults(whole, choice):
    folder, good = whole
    name = choice.draw(st.sampled_from(NAMES))
    (folder.package.parent / name).write_bytes(choice.draw(damage(good[name])))
    for fault in folder.check():
        assert isinstance(fault, Fault)
        assert fault.message and fault.file and fault.line >= 0
        assert "プログラムの誤り" not in fault.message
    (folder.package.parent / name).write_bytes(good[name])


@pytest.mark.django_db
@given(choice=st.data())
@settings(RELAXED, max_examples=30)
def test_damaged_files_never_change_what_is_in_force(whole, choice):
    folder, good = whole
    public.load(folders=folder.folders, actor=SYSTEM)
    before = [version.digest for kind in ("slip", "choices") for version in public.current_all(kind)]
    assert len(before) == 2
    name = choice.draw(st.sampled_from(NAMES))
    (folder.package.parent / name).write_bytes(choice.draw(damage(good[name])))

    report = public.load(folders=folder.folders, actor=SYSTEM)

    assert all(isinstance(fault, Fault) for fault in report.faults)
    after = {
        version.code: version.digest for kind in ("slip", "choices") for version in public.current_all(kind)
    }
    assert [after["waste.pickup"], after["waste.items"]] == before
    for draft in public.drafts():
        public.withdraw(version_id=draft.id, actor=SYSTEM, reason="next example")
    (folder.package.parent / name).write_bytes(good[name])


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_at_all_are_read_or_refused(data):
    from machi.engines.definitions.source import read

    documents, faults = read(data, "f.yaml")
    assert not (documents and faults)
    assert all(isinstance(document, dict) for document in documents)


@given(st.text(alphabet="abk:-[]{}\"'\n #&*!|>?%@`,日\t", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_of_yaml_signs_is_read_or_refused(text):
    from machi.engines.definitions.source import read

    documents, faults = read(text.encode(), "f.yaml")
    assert not (documents and faults)
