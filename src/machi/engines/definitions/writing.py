"""Writing a source tree as the strict YAML that `source.read` reads back to the same tree."""

import io

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

SHORT = 100  # letters: a mapping of texts that fits stands on one line, as people write it
WIDE = 1_000_000  # lines are never folded


def write(tree):
    """The text of a definition file: keys in the order of the tree, every scalar a text."""
    yaml = YAML()
    yaml.width, yaml.allow_unicode = WIDE, True
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(_noted(tree), out)
    return out.getvalue()


def _noted(value):
    if isinstance(value, dict):
        noted = CommentedMap((key, _noted(inner)) for key, inner in value.items())
        if value and _is_short(value):
            noted.fa.set_flow_style()
        return noted
    if isinstance(value, list):
        noted = CommentedSeq(map(_noted, value))
        if not value or all(isinstance(item, str) for item in value):
            noted.fa.set_flow_style()
        return noted
    return value


def _is_short(value):
    texts = list(value.values())
    return all(isinstance(text, str) and "\n" not in text for text in texts) and (
        sum(map(len, (*value, *texts))) <= SHORT
    )
