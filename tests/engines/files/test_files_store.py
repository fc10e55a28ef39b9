"""Contents on the disk, their owners, how they leave, and how they are forgotten."""

import io
import os
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone
from PIL import Image

from machi.engines.files.models import Blob, FileLink
from machi.engines.files.public import (
    FileDamaged,
    attach,
    detach,
    drop,
    link,
    links,
    move,
    purge_orphans,
    read,
    response,
    state,
    store,
    thumbnail,
)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


def contents(folder):
    return sorted(path for path in (folder / "files").glob("*/*/*") if path.is_file())


def put(data=b"text", mime="application/pdf", owner="draft:1", field="proof", name="証明.pdf"):
    return attach(blob=store(data, mime=mime), owner=owner, field=field, name=name)


def age(*blobs):
    Blob.objects.filter(pk__in=[blob.pk for blob in blobs]).update(used_at=timezone.now() - timedelta(days=2))


@pytest.mark.django_db
def test_the_same_content_is_kept_once(data_folder):
    assert store(b"a", mime="text/plain") == store(b"a", mime="text/plain")
    assert len(contents(data_folder)) == 1
    digest = contents(data_folder)[0].name
    assert contents(data_folder)[0].parts[-3:] == (digest[:2], digest[2:4], digest)


@pytest.mark.django_db
def test_a_damaged_content_is_noticed(data_folder):
    blob = store(b"true", mime="text/plain")
    contents(data_folder)[0].write_bytes(b"false")
    with pytest.raises(FileDamaged):
        read(blob)
    contents(data_folder)[0].unlink()
    with pytest.raises(FileDamaged):
        read(blob)
    assert read(store(b"true", mime="text/plain")) == b"true"


@pytest.mark.django_db
def test_a_write_that_fails_leaves_no_half_file(data_folder, monkeypatch):
    def full(*_args):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="disk full"), transaction.atomic():
        store(b"a", mime="text/plain")
    assert (contents(data_folder), Blob.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_links_move_with_the_draft_that_became_a_case_and_go_when_it_is_dropped():
    first, second = put(b"1"), put(b"2", field="other")
    assert [found.id for found in links("draft:1")] == [first.id, second.id]
    assert [found.id for found in links("draft:1", "proof")] == [first.id]
    assert move(from_owner="draft:1", to_owner="case:1") == 2
    assert links("draft:1") == []
    assert detach(link_id=first.id)
    assert drop(owner="case:1") == 1
    with pytest.raises(FileLink.DoesNotExist):
        link(first.id)


@pytest.mark.django_db
def test_the_collector_takes_only_what_nobody_refers_to(data_folder):
    kept, loose, young = put(b"kept").blob, store(b"loose", mime="x"), store(b"young", mime="x")
    age(kept, loose)
    stray, fresh = data_folder / "files/ab/cd/abcd", data_folder / "files/ab/cd/abce"
    for path in (stray, fresh):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    os.utime(stray, (time.time() - 2 * 86400,) * 2)
    assert purge_orphans() == 2
    assert set(Blob.objects.all()) == {kept, young}
    assert (stray.exists(), fresh.exists()) == (False, True)
    assert read(kept) == b"kept"
    with pytest.raises(FileDamaged):
        read(loose)


@pytest.mark.django_db
def test_files_of_a_dropped_draft_are_collected(data_folder):
    blob = put(b"draft").blob
    drop(owner="draft:1")
    age(blob)
    assert (purge_orphans(), contents(data_folder)) == (1, [])


@pytest.mark.django_db(transaction=True)
def test_storing_while_the_collector_runs_never_loses_the_content():
    for _round in range(20):
        age(store(b"contended", mime="x"))
        stored = threading.Thread(target=_store_and_attach)
        stored.start()
        purge_orphans()
        stored.join()
        assert read(Blob.objects.get()) == b"contended"
        drop(owner="case:1")


def _store_and_attach():
    with transaction.atomic():
        attach(blob=store(b"contended", mime="x"), owner="case:1", field="", name="a")
    connection.close()


@pytest.mark.django_db
def test_a_file_leaves_so_that_no_browser_runs_it():
    answer = response(put(b"%PDF-", name="証明 書.pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == "inline; filename*=utf-8''%E8%A8%BC%E6%98%8E%20%E6%9B%B8.pdf"
    assert answer["Cache-Control"] == "private, no-store"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "sandbox" in response(put(b"x", "image/png"))["Content-Security-Policy"]
    assert "sandbox" in response(put(b"%PDF-"), inline=False)["Content-Security-Policy"]


@pytest.mark.django_db
def test_office_files_always_download():
    assert response(put(b"PK", DOCX, name="a.docx"))["Content-Disposition"].startswith("attachment")


@pytest.mark.django_db
def test_thumbnails_are_small_jpegs_on_white():
    buffer = io.BytesIO()
    Image.new("RGBA", (900, 300), (0, 0, 0, 0)).save(buffer, "PNG")
    small = Image.open(io.BytesIO(thumbnail(put(buffer.getvalue(), "image/png"), 160)))
    assert (small.format, small.size, small.getpixel((5, 5))) == ("JPEG", (160, 53), (255, 255, 255))
    with pytest.raises(ValueError, match="thumbnail"):
        thumbnail(put(b"%PDF-"), 160)
    with pytest.raises(ValueError, match="thumbnail"):
        thumbnail(put(buffer.getvalue(), "image/png"), 9999)


def test_the_state_tells_whether_files_can_be_written(settings, tmp_path):
    assert state()["writable"]
    assert state()["free_bytes"] > 0
    (tmp_path / "in-the-way").write_text("")
    settings.DATA = tmp_path / "in-the-way"
    assert state() == {"writable": False, "free_bytes": 0}
