"""All operations by name, and doing one of them."""

from copy import deepcopy

from machi.entrances.builder.operations import about, conditions, entries, flow, form, letters, money, signing
from machi.entrances.builder.operations.words import gone

PLACES = {
    "form": (
        form.add_page, form.set_page, form.move_page, form.remove_page, form.add_field, form.set_field,
        form.move_field, form.remove_field, form.add_part, form.add_rule, form.set_rule, form.remove_rule,
    ),
    "conditions": (
        conditions.add_comparison, conditions.remove_comparison, conditions.join_comparisons,
        conditions.set_condition,
    ),
    "flow": (
        flow.add_step, flow.move_step, flow.remove_step, flow.set_step, flow.set_outcomes, flow.remove_outcome,
        flow.set_next, flow.add_branch, flow.remove_branch, flow.set_flow, money.set_fee, entries.add_move,
        entries.set_move, entries.remove_move, signing.add_signer, signing.remove_signer, signing.add_reader,
        signing.remove_reader,
    ),
    "about": (
        about.set_title, about.set_facts, about.set_rules, about.set_contact, about.set_period, about.set_cases,
        about.set_cancel, about.set_filing, about.set_words, about.set_settings, about.remove_setting,
    ),
    "letters": (letters.add_letter, letters.set_letter, letters.remove_letter),
    "told": (about.set_told,),
    "bookings": (about.add_pool, about.set_pool, about.remove_pool),
    "languages": (about.set_translations,),
    "trials": (about.keep_trial, about.remove_trial),
}  # fmt: skip
OPERATIONS = {one.__name__: one for place in PLACES.values() for one in place}
PLACE_OF = {one.__name__: name for name, place in PLACES.items() for one in place}


def apply(name, tree, said):
    """The tree after the operation `name`; the given one stays as it is."""
    if name not in OPERATIONS:
        raise gone()
    after = deepcopy(tree)
    OPERATIONS[name](after, said)
    return after
