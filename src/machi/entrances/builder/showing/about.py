"""What the procedure says of itself, what it tells at which moment, and its words in every language."""

from django.utils.translation import gettext as _

from machi.engines.definitions import public as definitions
from machi.engines.notices import public as notices
from machi.entrances.builder.operations import about as acts
from machi.entrances.builder.operations.places import steps_of
from machi.entrances.builder.operations.words import in_languages, japanese
from machi.entrances.builder.showing import words
from machi.entrances.builder.showing.controls import Desk, Sheet
from machi.entrances.builder.showing.known import in_force, questions_of, units
from machi.ground.languages import LANGUAGES, TAGS

SHORT = 24
CONTACT_TYPES = {"name": ("name", "text"), "email": ("email",), "phone": ("phone",)}


def show(manuscript, tree, _asked, typed):
    """The sheets of the page "name and settings"."""
    return {
        "sheets": [
            _title(tree, typed),
            _facts(tree, typed),
            _rules(tree, typed),
            _period(tree, typed),
            _contact(manuscript, tree, typed),
            _cases(manuscript, tree, typed),
            _cancel(tree, typed),
            _filing(tree, typed),
            _words(tree, typed),
            _settings(tree, typed),
        ]
    }


def _title(tree, typed):
    desk, staff = Desk(typed, "set_title"), tree.get("audience") == "staff"
    place = ("shelf", _("職員の一覧での棚"), words.SHELVES) if staff else ("door", _("住民の入口"), words.DOORS)
    controls = [
        desk.texts("title", _("手続の名前"), tree.get("title")),
        desk.texts("summary", _("何ができるか（一文）"), tree.get("summary"), rows=2),
        desk.select("owner", _("担当する課"), units(), tree.get("owner", "")),
        desk.select(place[0], place[1], words.options(place[2]), tree.get(place[0], ""), blank=_("どこにも出さない")),
        desk.text(
            "years", _("記録を残す年数"), tree.get("retention", {}).get("years", ""), width=4, inputmode="numeric"
        ),
    ]
    return Sheet("set_title", controls, title=_("名前と担当"))


def _facts(tree, typed):
    desk, facts = Desk(typed, "set_facts"), tree.get("facts", {})
    ready = "\n".join(japanese(one) for one in facts.get("ready", []))
    labels = {"who": _("できる人"), "cost": _("費用"), "time": _("かかる時間"), "hear": _("結果の知らせ方")}
    controls = [desk.texts(name, label, facts.get(name), rows=2) for name, label in labels.items()]
    controls.insert(3, desk.area("ready", _("用意するもの（1行に1つ）"), ready))
    return Sheet("set_facts", controls, title=_("始める前に読むこと"))


def _rules(tree, typed):
    desk = Desk(typed, "set_rules")
    laws = "\n".join(japanese(one.get("text")) for one in tree.get("legal", []))
    controls = [
        desk.area("legal", _("根拠の法令（1行に1つ）"), laws),
        desk.select("assurance", _("本人の確かめ方"), words.options(words.ASSURANCE), tree.get("assurance", "contact")),
        desk.text(
            "open_cases",
            _("同時に出せる件数"),
            tree.get("limits", {}).get("open_cases", ""),
            width=4,
            inputmode="numeric",
            hint=_("空のままなら、いくつでも出せます。"),
        ),
        desk.days("keep", _("書きかけを残す日数"), tree.get("drafts", {}).get("keep", "P30D"), units=("D",)),
        desk.text(
            "subject",
            _("案件の見出し（項目か式）"),
            tree.get("subject", ""),
            hint=_("職員の一覧で、案件を見分けるための言葉です。"),
        ),
    ]
    return Sheet("set_rules", controls, title=_("決まり"))


def _period(tree, typed):
    desk, period = Desk(typed, "set_period"), tree.get("period", {})
    hint = _("2026-04-01 か 2026-04-01 08:30 のように。空のままなら、いつでも。")
    labels = {"opens": _("受付を始める日"), "closes": _("受付を終える日（その日まで）")}
    controls = [
        desk.text(name, label, period.get(name, "").replace("T", " "), width=12, hint=hint)
        for name, label in labels.items()
    ]
    return Sheet("set_period", controls, title=_("受付期間"))


def _contact(manuscript, tree, typed):
    desk, now = Desk(typed, "set_contact"), tree.get("contact_fields", {})
    asked = questions_of(manuscript, tree).items()
    labels = {"name": _("氏名の項目"), "email": _("メールの項目"), "phone": _("電話の項目")}
    controls = [
        desk.select(role, labels[role], _of_type(asked, kinds), now.get(role, ""), blank=_("聞かない"))
        for role, kinds in CONTACT_TYPES.items()
    ]
    places = _of_type(asked, ("point",))
    controls.append(desk.select("place", _("地図に出す場所"), places, tree.get("place", ""), blank=_("出さない")))
    return Sheet("set_contact", controls, title=_("連絡先と場所"))


def _of_type(asked, kinds):
    return [(key, one["label"]) for key, one in asked if one["type"] in kinds]


def _cases(manuscript, tree, typed):
    desk, asked = Desk(typed, "set_cases"), questions_of(manuscript, tree)
    acting, same = tree.get("acts_for", {}), tree.get("duplicates", {})
    choices, names = (_of_type(asked.items(), kinds) for kinds in (("choice",), ("name", "text")))
    alike = _of_type(asked.items(), ("text", "choice", "name", "date", "code", "phone"))
    return Sheet(
        "set_cases",
        [
            desk.select("acts_role", _("だれの立場かを聞く項目"), choices, acting.get("role", ""), blank=_("聞かない")),
            desk.select("acts_name", _("本人の氏名の項目"), names, acting.get("name", ""), blank=_("聞かない")),
            desk.ticks("same", _("同じなら、同じ案件かもしれない項目"), alike, same.get("same", [])),
            desk.text("days", _("何日以内なら"), same.get("days", ""), width=4, hint=_("空のままなら30日です。")),
            desk.text(
                "metres",
                _("何メートル以内なら"),
                same.get("metres", ""),
                width=4,
                hint=_("空のままなら50メートルです。"),
            ),
        ],
        title=_("代わりの人の申請と、同じ案件"),
    )


def _filing(tree, typed):
    desk, kept = Desk(typed, "set_filing"), tree.get("file_as", {})
    labels = {"class": _("分類の番号（式）"), "binder": _("簿冊（式）"), "disclosure": _("公開の区分（式）")}
    controls = [desk.text(name, label, kept.get(name, "")) for name, label in labels.items()]
    controls[0]["hint"] = _("空のままなら、課の案件の分類に入ります。例: '010103'")
    return Sheet("set_filing", controls, title=_("終わった案件のしまい先"))


def _cancel(tree, typed):
    desk, cancel = Desk(typed, "set_cancel"), tree.get("cancel", {})
    controls = [
        desk.tick("may_cancel", _("申請した人が取り下げられる"), on=bool(cancel)),
        desk.texts("explain", _("いつまで取り下げられるか"), cancel.get("explain"), rows=2),
        desk.text("while", _("取り下げられる間（式）"), cancel.get("while", "true")),
    ]
    return Sheet("set_cancel", controls, title=_("取下げ"))


def _words(tree, typed):
    desk, said = Desk(typed, "set_words"), tree.get("words", {})
    controls = [
        desk.area(f"words_{one.tag}", one.name, "、".join(said.get(one.tag, [])), rows=2, lang=one.html)
        for one in LANGUAGES
    ]
    return Sheet("set_words", controls, title=_("探すときの言葉（「、」で区切る）"))


def _settings(tree, typed):
    desk = Desk(typed, "set_settings")
    kinds = [("int", _("数")), ("yen", _("金額")), ("text", _("言葉"))]
    controls = [
        desk.text(
            f"value:{key}", japanese(one.get("label")) or key, one.get("value", ""), width=12, hint=f"$settings.{key}"
        )
        for key, one in tree.get("settings", {}).items()
    ]
    controls += [
        desk.text("new_label", _("新しい設定の名前"), "", hint=_("例: 1枚の手数料")),
        desk.select("new_type", _("設定の種類"), kinds, "int"),
        desk.text("new_value", _("値"), "", width=12),
    ]
    drops = [
        ("remove_setting", key, _("「%(name)s」を消す") % {"name": japanese(one.get("label")) or key})
        for key, one in tree.get("settings", {}).items()
    ]
    return Sheet("set_settings", controls, title=_("あとから課が変えられる値"), more=drops)


def told(manuscript, tree, asked, typed):
    """At which moment the applicant is told what; and how the chosen notice reads."""
    desk, listed = Desk(typed, "set_told"), in_force("notice")
    now = tree.get("notices", {})
    moments = [
        desk.select(f"moment:{name}", label, listed, now.get(name, _standing(name)), blank=_("ふつうの文"))
        for name, label in words.MOMENTS.items()
    ]
    steps = [
        desk.select(
            f"step:{key}",
            _("段階「%(step)s」") % {"step": japanese(step.get("title"))},
            listed,
            step.get("notice", ""),
            blank=_("送らない"),
        )
        for key, step in steps_of(tree).items()
        if step.get("type") in ("notify", "end")
    ]
    chosen = asked.get("notice") or now.get("receipt", _standing("receipt"))
    return {
        "sheet": Sheet("set_told", [*moments, *steps]),
        "listed": listed,
        "chosen": chosen,
        "reads": _reads(chosen, tree),
    }


def _standing(moment):
    return {"document": "notice/general.document_ready"}.get(moment, f"notice/general.{moment}")


def _reads(reference, tree):
    """A notice with sample data, in every language."""
    version = definitions.current(*reference.split("/", 1)) if "/" in reference else None
    if version is None:
        return []
    data = _sample(version.bundle["data"], japanese(tree.get("title")))
    return [{"language": one, "said": notices.render(version.bundle, data, one.code)} for one in LANGUAGES]


def _sample(types, title):
    known = {
        "title": title,
        "reference": "A1B2-C3D4",
        "name": _("常総 花子"),
        "phone": "0297-00-0000",
        "unit": _("担当課"),
    }
    kinds = {"date": "2026-04-01", "yen": 300, "link": "https://example.jp/", "list": [_("例")]}
    return {name: kinds.get(kind) or known.get(name, _("例")) for name, kind in types.items()}


def languages(_manuscript, tree, asked, typed):
    """All texts beside one other language; those that lack first."""
    tag = typed.get("tag") or asked.get("tag", "en")
    tag = tag if tag in TAGS and tag != "ja" else "en"
    rows = [_row(path, text, tag, typed, tree) for path, text in acts.text_places(tree)]
    only = asked.get("all") != "1"
    lacking = {one.tag: sum(one.tag not in text for _path, text in acts.text_places(tree)) for one in LANGUAGES}
    shown = [row for row in rows if not row["kept"]] if only else rows
    return {
        "tag": tag,
        "language": next(one for one in LANGUAGES if one.tag == tag),
        "rows": shown,
        "only": only,
        "total": len(rows),
        "choices": _tabs(tag, lacking),
        "done": _("%(count)s個の文のすべてに訳があります。") % {"count": len(rows)},
    }


def _tabs(tag, lacking):
    others = [one for one in LANGUAGES if one.tag != "ja"]
    return [
        {"href": f"?tag={one.tag}", "label": one.name, "count": lacking[one.tag], "current": one.tag == tag}
        for one in others
    ]


def _row(path, text, tag, typed, tree):
    name = f"text:{'.'.join(map(str, path))}"
    kept = in_languages(text).get(tag, "")
    return {
        "name": name,
        "place": _where(path, tree),
        "ja": text["ja"],
        "kept": kept,
        "value": typed.get(name, kept),
        "long": len(text["ja"]) > SHORT,
    }


def _where(path, tree):
    """Where a text stands, in words."""
    heads = {
        "title": _("手続の名前"),
        "summary": _("何ができるか"),
        "facts": _("始める前に読むこと"),
        "legal": _("根拠"),
        "cancel": _("取下げ"),
        "settings": _("設定"),
        "pools": _("予約の枠"),
        "letters": _("文書"),
    }
    if path[0] == "fields":
        return _("項目")
    if path[0] == "pages":
        return _("ページ")
    if path[:2] == ("flow", "steps"):
        return _("段階「%(step)s」") % {"step": japanese(steps_of(tree)[path[2]].get("title"))}
    return heads.get(path[0], path[0])
