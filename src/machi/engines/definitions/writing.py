"""Writing a source tree as the strict YAML that `source.read` reads back to the same tree."""

import json
import re

import yaml

SHORT = 100  # letters: a mapping of texts that fits stands on one line, as people write it
WIDE = 1_000_000  # lines are never folded
# Nothing at all would be read as no value; U+2028 and U+2029 stand in files as escapes only; ' would be doubled.
_QUOTED = re.compile("^$|['\u2028\u2029]")


def write(tree):
    """The text of a definition file: keys in the order of the tree; numbers and true are written as texts are."""
    return yaml.dump(tree, Dumper=_Writer, width=WIDE, allow_unicode=True, sort_keys=False)


class _Writer(yaml.BaseDumper):
    """Knows texts only, so that 4 and true stand without quotes, as people write them."""

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow=flow)  # lists stand inside their key

    def ignore_aliases(self, data):
        return True

    def mapping(self, value):
        return self.represent_mapping(self.DEFAULT_MAPPING_TAG, value, flow_style=_is_short(value))

    def sequence(self, value):
        flat = all(isinstance(item, str) for item in value)
        return self.represent_sequence(self.DEFAULT_SEQUENCE_TAG, value, flow_style=flat)

    def text(self, value):
        style = '"' if _QUOTED.search(value) else None
        return self.represent_scalar(self.DEFAULT_SCALAR_TAG, value, style=style)

    def number(self, value):
        return self.represent_scalar(self.DEFAULT_SCALAR_TAG, json.dumps(value))

    def nothing(self, value):
        return self.represent_scalar(self.DEFAULT_SCALAR_TAG, "")


_Writer.add_multi_representer(dict, _Writer.mapping)
_Writer.add_multi_representer(list, _Writer.sequence)
_Writer.add_multi_representer(str, _Writer.text)
_Writer.add_multi_representer(int, _Writer.number)  # and bool
_Writer.add_multi_representer(float, _Writer.number)
_Writer.add_multi_representer(type(None), _Writer.nothing)


def _is_short(value):
    texts = list(value.values())
    return all(isinstance(text, str) and "\n" not in text for text in texts) and (
        sum(map(len, (*value, *texts))) <= SHORT
    )
