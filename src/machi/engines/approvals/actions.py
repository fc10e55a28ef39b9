"""Opening a round, marking, and ending it. Every action locks the round first: of two at once, one waits."""

import pgtrigger
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from machi.engines.audit.public import record
from machi.engines.people.public import account, actor_for, is_away
from machi.ground.calendar import OFFICE, now, today

from .laying import carry_over, lay
from .models import Mark, Round, Slot
from .queries import deputy_for, find_post, has_begun, title
from .rules import UNBLOCKING, Refused, blocking

DAYS = 3  # business days for a place, where the row says nothing


@transaction.atomic
def open_round(*, owner, key, digest, row, unit, drafter, actor, deputies=True):
    """The next Round of `owner` over the content `digest`; its first level waits for its posts.

    `row` is the row of the route that fits, kept with the round; `drafter` the account that wrote the content,
    who never consents to it. Without `deputies`, here or in the row, nobody decides for who is away.
    Raises Refused, naming the post, when there is none to ask.
    """
    last = Round.objects.filter(owner=owner, key=key).aggregate(n=Max("n"))["n"] or 0
    opened = Round.objects.create(
        owner=owner, key=key, n=last + 1, digest=digest, row=row, unit=unit, drafter=drafter,
        deputies=deputies and row.get("deputies", True),
    )  # fmt: skip
    lay(opened, posts_held(drafter))
    carry_over(opened, posts_held(drafter))
    tell(opened, "opened", actor, rule=row["rule"], digest=digest)
    open_next(opened)
    return opened


@transaction.atomic
def circulate(*, owner, key, digest, title, posts, unit, drafter, actor):
    """Send the content round for reading (供覧) to these posts; the drafter's own and those that are not there are
    left out. Returns the Round: "reading", or "read" where nobody is left.
    """
    last = Round.objects.filter(owner=owner, key=key).aggregate(n=Max("n"))["n"] or 0
    readers = [code for code in (find_post(name, unit) for name in posts) if code and code not in posts_held(drafter)]
    opened = Round.objects.create(
        owner=owner, key=key, n=last + 1, digest=digest, row={"rule": title, "levels": []}, unit=unit,
        drafter=drafter, state="reading",
    )  # fmt: skip
    for post in readers:
        _to_read(opened, post, "acknowledge", 1)
    tell(opened, "circulated", actor, posts=readers, digest=digest)
    return _all_read(opened)


def _all_read(found):
    """Close a round that is only read once everybody has."""
    if found.state == "reading" and not found.slots.filter(state="open").exists():
        found.state, found.closed_at = "read", now()
        found.save(update_fields=["state", "closed_at"])
    return found


def posts_held(account_id):
    """The posts of the account that wrote the content."""
    return set(actor_for(account(account_id)).posts) if account_id else set()


@transaction.atomic
def approve(*, slot_id, digest, actor, comment=""):
    """Consent (承認, or 同意 where the place asks for that). Returns the Round, approved with the last mark."""
    slot = _turn(slot_id, actor, digest)
    _mark(slot, "agree" if slot.kind in ("agree", "review") else "approve", actor, comment)
    return _go_on(slot.round)


@transaction.atomic
def disagree(*, slot_id, digest, actor, comment):
    """Withhold agreement (不同意): the draft goes back with the reason. Returns the Round."""
    slot = _turn(slot_id, actor, digest)
    if slot.kind == "approve":
        raise Refused(_("承認の番です。差戻しか否決を選んでください。"))
    _mark(slot, "disagree", actor, given_reason(comment))
    return _close(slot.round, "returned", comment)


@transaction.atomic
def send_back(*, slot_id, digest, actor, comment, level=0):
    """Send back (差戻し) to the drafter (level 0), or to an earlier level, which consents anew."""
    slot = _turn(slot_id, actor, digest)
    if level >= slot.level:
        raise Refused(_("戻し先は、今より前の段階から選んでください。"))
    _mark(slot, "return", actor, given_reason(comment))
    if level < 1:
        return _close(slot.round, "returned", comment)
    return _again(slot, level)


@transaction.atomic
def reject(*, slot_id, digest, actor, comment):
    """Reject the draft for good (否決). Only who may approve can. Returns the Round."""
    slot = _turn(slot_id, actor, digest)
    if slot.kind != "approve":
        raise Refused(_("合議の番です。同意か不同意を選んでください。"))
    _mark(slot, "reject", actor, given_reason(comment))
    return _close(slot.round, "rejected", comment)


@transaction.atomic
def hold(*, slot_id, digest, actor, comment):
    """Put the place on hold (保留) with the reason, which the others can read."""
    slot = _turn(slot_id, actor, digest)
    slot.state, slot.note = "held", given_reason(comment)
    _mark(slot, "hold", actor, comment)
    return slot.round


@transaction.atomic
def recall(*, round_id, actor):
    """Take the draft back (引戻し): the drafter, as long as nobody has marked it. Returns the Round."""
    found = locked(round_id)
    if actor.account is None or actor.account != found.drafter:
        raise Refused(_("引き戻せるのは、起案した人だけです。"))
    if has_begun(found):
        raise Refused(_("もう決裁が始まっています。差し戻してもらってください。"))
    return _close(found, "recalled", "", actor)


@transaction.atomic
def pull_up(*, slot_id, digest, actor, comment):
    """A later place decides before its turn (引上げ): those before are skipped, and read it afterwards (後閲)."""
    slot = Slot.objects.select_related("round").get(pk=slot_id)
    slot.round = locked(slot.round_id, digest)
    slot.refresh_from_db(fields=["state"])
    _sits(slot, actor)
    if slot.state != "waiting" or slot.kind != "approve":
        raise Refused(_("引き上げられる番ではありません。画面を開き直してください。"))
    for one in slot.round.slots.filter(level__lt=slot.level, state__in=("waiting", "open", "held")):
        _pass_over(one, _("引上げのため飛ばしました。"))
    slot.opened_at = now()
    _mark(slot, "approve", actor, given_reason(comment))
    return _go_on(slot.round)


@transaction.atomic
def acknowledge(*, slot_id, actor):
    """Note that it was read (供覧, 後閲). Blocks nothing, and stays in the inbox until then."""
    slot = Slot.objects.get(pk=slot_id)
    slot.round = Round.objects.select_for_update().get(pk=slot.round_id)  # of the last two readers, one is the last
    slot.refresh_from_db(fields=["state"])
    _sits(slot, actor)
    if slot.kind not in UNBLOCKING or slot.state != "open":
        raise Refused(_("確認は済んでいます。画面を開き直してください。"))
    _mark(slot, "acknowledge", actor, "")
    return _all_read(slot.round)


@transaction.atomic
def reroute(*, slot_id, post, actor, comment):
    """Ask another post instead (ルート変更), with the reason. The caller checks the right to."""
    slot = Slot.objects.select_related("round").get(pk=slot_id)
    slot.round = locked(slot.round_id)
    slot.refresh_from_db(fields=["state", "post"])
    if not blocking(slot):
        raise Refused(_("この番はもう終わっています。画面を開き直してください。"))
    wanted = find_post(post, slot.round.unit)
    if wanted is None or wanted in posts_held(slot.round.drafter):
        raise Refused(_("起案した人のものでない、組織にある職を選んでください。"))
    if slot.round.slots.filter(turn=slot.turn, post=wanted).exists():
        raise Refused(_("その職は、この決裁ルートにもう入っています。"))
    before, slot.post = slot.post, wanted
    slot.note = given_reason(comment)
    slot.save()
    Mark.objects.create(
        slot=slot,
        verb="reroute",
        by=actor.key,
        by_name=actor.name,
        post=before,
        comment=comment,
        digest=slot.round.digest,
    )
    tell(slot.round, "rerouted", actor, before=before, after=wanted)
    return slot.round


@transaction.atomic
def void(*, owner, actor, why):
    """Void the open rounds of `owner` (the content changed, the matter ended); they stay readable."""
    for found in Round.objects.select_for_update().filter(owner=owner, state="open"):
        _close(found, "voided", why, actor)


def locked(round_id, digest=None):
    """The open round, locked; refused when it is over or its content is not what the person saw."""
    found = Round.objects.select_for_update().get(pk=round_id)
    if found.state != "open":
        raise Refused(_("この回の決裁は終わっています（内容が変わったか、ほかの人が決めました）。開き直してください。"))
    if digest is not None and digest != found.digest:
        raise Refused(_("見ていた内容が、その後変わりました。開き直して、内容を確かめてください。"))
    return found


def _turn(slot_id, actor, digest):
    """The slot, whose turn it is and in which the actor sits, with its round locked."""
    slot = Slot.objects.get(pk=slot_id)
    slot.round = locked(slot.round_id, digest)
    slot.refresh_from_db(fields=["state", "post"])
    _sits(slot, actor)
    if slot.state not in ("open", "held") or not blocking(slot):
        raise Refused(_("この番は、もう終わっているか、まだ来ていません。画面を開き直してください。"))
    return slot


def _sits(slot, actor):
    """Refuse who neither holds the post that is asked nor acts for it today."""
    if slot.post not in actor.posts and deputy_for(slot) not in actor.posts:
        raise Refused(_("この番は「%(post)s」のものです。") % {"post": title(slot.post)})
    if actor.account is not None and actor.account == slot.round.drafter and slot.kind != "acknowledge":
        raise Refused(_("自分の起案を、自分で決裁することはできません。"))


def given_reason(comment):
    """The reason as it is kept; refused where there is none."""
    if not (comment or "").strip():
        raise Refused(_("理由を書いてください。"))
    return comment.strip()


def _mark(slot, verb, actor, comment):
    seat = slot.post if slot.post in actor.posts else deputy_for(slot)
    if verb != "hold":
        slot.state, slot.done_at = "marked", now()
    slot.save()
    Mark.objects.create(
        slot=slot,
        verb=verb,
        by=actor.key,
        by_name=actor.name,
        post=seat,
        on_behalf_of=slot.post if seat != slot.post else "",
        comment=comment,
        digest=slot.round.digest,
    )
    tell(slot.round, "marked", actor, slot=str(slot.id), mark=verb, post=slot.post, seat=seat)
    if seat != slot.post and verb != "hold":
        _to_read(slot.round, slot.post, "afterwards", slot.level)


def _go_on(found):
    if not any(blocking(slot) for slot in found.slots.all()):
        for name in found.row.get("circulate", []):
            if post := find_post(name, found.unit):
                _to_read(found, post, "acknowledge", 1)
        found.slots.filter(kind="acknowledge", state="waiting").update(state="open", opened_at=now())
        return _close(found, "approved", "")
    open_next(found)
    return found


def open_next(found):
    """Open the lowest level that is not done. Who is away is passed over, but never the last, who decides."""
    while True:
        waiting = [slot for slot in found.slots.all() if blocking(slot)]
        level, last = min(slot.level for slot in waiting), max(slot.level for slot in waiting)
        for slot in waiting:
            if slot.level == level and slot.state == "waiting":
                _open(slot, may_pass=found.deputies and level < last)
        if any(blocking(slot) for slot in found.slots.filter(level=level)):
            return


def _open(slot, *, may_pass):
    if may_pass and slot.kind == "approve" and is_away(slot.post):
        _pass_over(slot, _("不在のため飛ばしました。"))
        return
    slot.state, slot.opened_at = "open", now()
    slot.due_on = OFFICE.add_business_days(today(), slot.round.row.get("days") or DAYS)
    slot.save(update_fields=["state", "opened_at", "due_on"])


def _pass_over(slot, why):
    """The place is not asked any more; its post reads afterwards (後閲)."""
    slot.state, slot.note, slot.done_at = "skipped", why, now()
    slot.save(update_fields=["state", "note", "done_at"])
    _to_read(slot.round, slot.post, "afterwards", slot.level)


@transaction.atomic
def pass_over_away(*, round_id, actor):
    """Pass over those whose turn it is and who have gone away since; who decides is never passed over."""
    found = Round.objects.select_for_update().get(pk=round_id)
    if found.state != "open" or not found.deputies:
        return
    waiting = [slot for slot in found.slots.all() if blocking(slot)]
    last = max(slot.level for slot in waiting)
    gone = [slot for slot in waiting if slot.state == "open" and slot.level < last and slot.kind == "approve"]
    gone = [slot for slot in gone if is_away(slot.post)]
    for slot in gone:
        _pass_over(slot, _("不在のため飛ばしました。"))
    if gone:
        tell(found, "passed_over", actor, posts=[slot.post for slot in gone])
        open_next(found)


def _again(slot, level):
    """All places from `level` on are asked anew; the drafter's own stay skipped."""
    found, own = slot.round, posts_held(slot.round.drafter)
    places = found.slots.filter(level__gte=level).exclude(kind__in=UNBLOCKING).exclude(state="removed")
    newest = {(one.level, one.kind, one.post): one for one in places.order_by("turn")}.values()
    turn = 1 + max(one.turn for one in newest)
    for one in newest:
        if blocking(one):
            one.state, one.done_at = "cancelled", now()
            one.save(update_fields=["state", "done_at"])
        if one.post not in own:
            again = {"level": one.level, "kind": one.kind, "post": one.post, "added_by": one.added_by}
            Slot.objects.create(round=found, turn=turn, **again)
    open_next(found)
    return found


def _to_read(found, post, kind, level):
    Slot.objects.get_or_create(
        round=found, turn=1, level=level, kind=kind, post=post, defaults={"state": "open", "opened_at": now()}
    )


def _close(found, state, note, actor=None):
    """End the round; what nobody has marked is cancelled, what is to be read stays."""
    open_slots = [slot for slot in found.slots.all() if blocking(slot) or slot.state == "waiting"]
    found.slots.filter(pk__in=[slot.pk for slot in open_slots]).update(state="cancelled", done_at=now())
    found.state, found.note, found.closed_at = state, note, now()
    found.save(update_fields=["state", "note", "closed_at"])
    if actor:
        tell(found, state, actor, why=note)
    return found


def tell(found, verb, actor, **payload):
    """One line in the chain of a round."""
    record(stream=f"approval:{found.id}", verb=f"approvals.{verb}", actor=actor, payload=payload)


@transaction.atomic
def forget(*, owner):
    """Take away what was written beside the marks (lawful disposal): who consented, when and to what digest stays."""
    rounds = Round.objects.filter(owner=owner)
    with pgtrigger.ignore("approvals.Round:closed_round_stays", "approvals.Mark:mark_stays"):
        Mark.objects.filter(slot__round__in=rounds).update(comment="")
        rounds.update(note="")
    Slot.objects.filter(round__in=rounds).update(note="")
