"""Upkeep: a changed definition is published by a second person; what got stuck is sent again or settled."""

import re
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command

from fixtures.cases import BULKY, act, bulky, person, send
from machi.engines.audit.define import SYSTEM
from machi.engines.definitions.public import current, drafts, load
from machi.engines.effects.public import Effect, stuck
from machi.engines.notices.public import Delivery, mail_plain, troubled
from machi.engines.payments.public import of_owner

ROOT = Path(__file__).resolve().parents[3]
LIST = "waste/choices/bulky_items.yaml"


@pytest.fixture
def city(tmp_path):
    """A copy of the city's folder, to be changed."""
    return Path(shutil.copytree(ROOT / "cities" / "joso", tmp_path / "joso"))


def change(city, old, new, name=LIST):
    """Change one line of a definition file, as an administrator would with an editor."""
    path = city / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def load_files(city):
    """What `manage load_city` does with the changed folder."""
    return load(folders=[ROOT / "packages", city], actor=SYSTEM)


def sofa_fee(version):
    """The fee of a sofa for two, as the procedure has it."""
    table = version.bundle["form"]["tables"]["items"]
    return next(one["fee"] for one in table["options"] if one["key"] == "sofa_2")


def line_of(city, key):
    """The line of an item in the file, and the same with another fee."""
    text = (city / LIST).read_text(encoding="utf-8")
    (line,) = [one for one in text.splitlines() if f"key: {key}," in one]
    return line, re.sub(r"fee: \d+", "fee: 1500", line)


def page(client):
    answer = client.get("/desk/definitions/")
    assert answer.status_code == 200
    return answer.content.decode()


def publish(client, **posted):
    (draft,) = drafts()
    return client.post(f"/desk/definitions/{draft.id}/publish/", posted, follow=True).content.decode()


def test_a_fee_changes_for_new_cases_and_running_ones_keep_theirs(joso, sign_in, city):
    before = send(BULKY, bulky())
    change(city, *line_of(city, "sofa_2"))
    call_command("check", str(city))
    assert load_files(city).changed == ["choices/waste.bulky_items"]
    assert sofa_fee(current("procedure", BULKY)) == 1000

    publisher = sign_in("digital.kokai")
    text = page(publisher)
    assert "1,000円 → 1,500円" in text and "進行中の1件は、今の版のまま進みます。" in text
    text = publish(publisher, do="publish", note="料金改定")
    assert "第2版を公開しました。" in text and "公開を待っている版" not in text

    after = send(BULKY, bulky())
    assert [of_owner(case.owner)[0].amount for case in (before, after)] == [1800, 2300]
    assert (before.definition.number, after.definition.number) == (1, 2)
    running = act(before, "complete", person("kankyo.tanto"), step="collect", outcome="taken")
    assert running.status == "closed" and of_owner(before.owner)[0].amount == 1800


def test_a_fault_in_a_file_names_the_line_and_the_old_version_stays(joso, city):
    line, _new = line_of(city, "sofa_2")
    change(city, line, re.sub(r"fee: \d+", "fee: たかい", line))
    (fault,) = load_files(city).errors
    number = (city / LIST).read_text(encoding="utf-8").splitlines().index(
        re.sub(r"fee: \d+", "fee: たかい", line)
    ) + 1
    assert fault.file.endswith(LIST) and fault.line == number and fault.mend
    assert drafts() == [] and sofa_fee(current("procedure", BULKY)) == 1000


def test_a_draft_is_published_by_a_publisher_who_did_not_write_it_or_taken_away(joso, sign_in, city):
    change(city, *line_of(city, "sofa_2"))
    load_files(city)
    clerk, publisher = sign_in("kankyo.tanto"), sign_in("digital.kokai")
    assert "公開する権限のある人の確認を待っています。" in page(clerk) and "/publish/" not in page(clerk)
    publish(clerk, do="publish")
    (draft,) = drafts()
    type(draft).objects.filter(id=draft.id).update(author=person("digital.kokai").key)
    assert "自分が書いた版は、ほかの人が公開します。" in page(publisher)
    assert "自分で公開することはできません" in publish(publisher, do="publish")
    assert sofa_fee(current("procedure", BULKY)) == 1000
    assert "取り下げました。" in publish(sign_in("digital.kacho"), do="withdraw", note="まちがい")
    assert drafts() == []


# outside


@pytest.fixture
def lost_mail(joso):
    """A mail of which nobody knows whether it arrived."""
    mail_plain(
        to="hanako@joso.example", subject="受け付けました", body="本文のひみつ", key="k1", owner="case:x"
    )
    delivery = Delivery.objects.get(address="hanako@joso.example")
    Delivery.objects.filter(id=delivery.id).update(state="unknown", error="送信の途中で止まりました")
    Effect.objects.filter(key=f"mail:{delivery.id}").update(state="unknown", due_at=None)
    return delivery


def test_a_lost_mail_is_shown_without_its_words_and_is_sent_again_on_order(sign_in, lost_mail):
    administrator = sign_in("digital.kanri")
    text = administrator.get("/desk/outside/").content.decode()
    assert "届いたかどうか不明" in text and "送信の途中で止まりました" in text and "h***@joso.example" in text
    assert "hanako@" not in text and "本文のひみつ" not in text and text.count("data-row") == 1
    address = f"/desk/outside/mails/{lost_mail.id}/"
    assert "もう一度送ります。" in administrator.post(address, {"do": "retry"}, follow=True).content.decode()
    assert not troubled().exists() and Effect.objects.get(key=f"mail:{lost_mail.id}").state == "retry"
    assert (
        "ほかの人が先に決めました。"
        in administrator.post(address, {"do": "retry"}, follow=True).content.decode()
    )


def test_a_mail_counts_as_arrived_only_with_evidence(sign_in, lost_mail):
    administrator, address = sign_in("digital.kanri"), f"/desk/outside/mails/{lost_mail.id}/"
    text = administrator.post(address, {"do": "settle", "evidence": " "}, follow=True).content.decode()
    assert "どう確かめたかを書いてください" in text and troubled().exists()
    administrator.post(address, {"do": "settle", "evidence": "メールの記録に受領あり"})
    assert not troubled().exists()
    lost_mail.refresh_from_db()
    assert lost_mail.state == "sent"


def test_another_stuck_call_is_listed_once_and_settled(sign_in):
    effect = Effect.objects.create(
        port="procedures.timer",
        key="t1",
        payload={},
        owner="case:x",
        state="dead",
        due_at=None,
        error="止まった",
    )
    administrator = sign_in("digital.kanri")
    assert "案件の期限" in administrator.get("/desk/outside/").content.decode()
    administrator.post(f"/desk/outside/calls/{effect.id}/", {"do": "settle", "evidence": "手で進めた"})
    assert not stuck().exists()
