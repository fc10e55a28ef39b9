"""Two who changed the same definition: both changes stand, and clashes are told."""

from machi.engines.definitions.merging import merge

BASE = {
    "title": {"ja": "申請"},
    "fields": [{"key": "a", "type": "text"}, {"key": "b", "type": "text"}],
    "pages": [{"key": "p", "fields": ["a", "b"]}],
    "settings": {"days": {"value": "3"}},
}


def changed(**more):
    return {**BASE, **more}


def test_what_only_one_side_changed_stands():
    mine = changed(title={"ja": "申請", "en": "Apply"})
    theirs = changed(settings={"days": {"value": "7"}})

    assert merge(BASE, mine, theirs) == ({**mine, "settings": {"days": {"value": "7"}}}, [])


def test_questions_that_both_sides_added_stand_both_where_they_were_put():
    mine = changed(fields=[{"key": "m"}, *BASE["fields"]], pages=[{"key": "p", "fields": ["m", "a", "b"]}])
    theirs = changed(fields=[*BASE["fields"], {"key": "t"}], pages=[{"key": "p", "fields": ["a", "b", "t"]}])
    tree, clashes = merge(BASE, mine, theirs)

    assert [one["key"] for one in tree["fields"]] == ["m", "a", "b", "t"]
    assert tree["pages"][0]["fields"] == ["m", "a", "b", "t"]
    assert clashes == []


def test_what_one_side_took_away_stays_away():
    theirs = changed(fields=BASE["fields"][:1], pages=[{"key": "p", "fields": ["a"]}])
    tree, clashes = merge(BASE, changed(title={"ja": "届出"}), theirs)

    assert [one["key"] for one in tree["fields"]] == ["a"]
    assert tree["pages"][0]["fields"] == ["a"]
    assert clashes == []


def test_the_same_value_changed_on_both_sides_keeps_mine_and_tells():
    mine, theirs = changed(settings={"days": {"value": "5"}}), changed(settings={"days": {"value": "7"}})
    tree, (clash,) = merge(BASE, mine, theirs)

    assert tree["settings"]["days"]["value"] == "5"
    assert (clash.path, clash.mine, clash.theirs) == (("settings", "days", "value"), "5", "7")
