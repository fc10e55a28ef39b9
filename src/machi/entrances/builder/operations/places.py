"""Where things stand in the tree of a procedure.

A question's address is its key ("town"), in a repeat "lines.item", at a step of the flow "collect/shot".
"""

from machi.entrances.builder.operations.words import gone


def steps_of(tree):
    """The steps of the flow by key, of a whole or a broken tree."""
    steps = tree.get("flow", {}).get("steps", {})
    return steps if isinstance(steps, dict) else {}


def step_at(tree, key):
    """The step with this key."""
    if (step := steps_of(tree).get(key)) is None:
        raise gone()
    return step


def page_at(tree, key):
    """The page with this key."""
    for page in tree.get("pages", []):
        if page["key"] == key:
            return page
    raise gone()


def page_with(tree, key):
    """The page on which a question of the form stands, or None."""
    return next((page for page in tree.get("pages", []) if key in page["fields"]), None)


def home_of(address):
    """The address of the list in which a question stands: "" the form, "lines" a repeat, "collect/" a step."""
    step, slash, rest = address.rpartition("/")
    repeat, dot, _key = rest.partition(".")
    return f"{step}{slash}" + (repeat if dot else "")


def key_of(address):
    """The question's own key."""
    return address.rpartition("/")[2].rpartition(".")[2]


def fields_at(tree, home):
    """The list of the questions at `home`."""
    step, slash, repeat = home.rpartition("/")
    holder = step_at(tree, step) if slash else tree
    own = holder.setdefault("fields", [])
    if not repeat:
        return own
    return _keyed(own, repeat).setdefault("fields", [])


def field_at(tree, address):
    """The question at an address."""
    return _keyed(fields_at(tree, home_of(address)), key_of(address))


def find_field(tree, address):
    """The question at an address, or None."""
    step, slash, rest = (address or "").rpartition("/")
    holder = steps_of(tree).get(step, {}) if slash else tree
    found = None
    for key in rest.split("."):
        found = next((one for one in holder.get("fields", []) if one.get("key") == key), None)
        if found is None:
            return None
        holder = found
    return found


def addresses(tree):
    """(address, question) of every question that the tree itself holds."""
    for step, holder in (("", tree), *((f"{key}/", one) for key, one in steps_of(tree).items())):
        for field in holder.get("fields", []):
            if "key" in field:
                yield f"{step}{field['key']}", field
                for child in field.get("fields", []):
                    if "key" in child:
                        yield f"{step}{field['key']}.{child['key']}", child


def taken(tree):
    """Keys that a new question must not have: those on pages too, which shared parts bring."""
    own = [field["key"] for _address, field in addresses(tree)]
    return own + [key for page in tree.get("pages", []) for key in page["fields"]]


def _keyed(fields, key):
    for field in fields:
        if field.get("key") == key:
            return field
    raise gone()
