"""What is written as a file is read back as it was."""

from hypothesis import given, settings
from hypothesis import strategies as st

from machi.engines.definitions.public import write
from machi.engines.definitions.source import read

PIECES = [*"ab日😀:-?,[]{}\"'\\#&*!|>%@`~=.\n\t ", "\u3000", "\u2028", "\ufeff", "- ", ": ", " #", "---\n", "null", "1"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
TREES = st.recursive(
    TEXTS | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS, TREES, min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_every_tree_of_texts_is_read_back_the_same(tree):
    assert read(write(tree).encode(), "f.yaml") == ([tree], [])


def test_a_file_looks_as_people_write_it():
    tree = {
        "machi": "1", "title": {"ja": "犬の登録", "en": "Dogs"}, "words": ["犬", "dog"], "fields": [
            {"key": "count", "type": "int", "label": {"ja": "何頭ですか"}, "visible_if": "kind == 'dog'", "help": ""},
        ],
    }  # fmt: skip
    assert write(tree) == (
        "machi: 1\n"
        "title: {ja: 犬の登録, en: Dogs}\n"
        "words: [犬, dog]\n"
        "fields:\n"
        "  - key: count\n"
        "    type: int\n"
        "    label: {ja: 何頭ですか}\n"
        "    visible_if: \"kind == 'dog'\"\n"
        '    help: ""\n'
    )
