"""Casting a source tree to its model, with pydantic's faults turned into ours."""

from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from machi.ground.languages import TAGS

from .define import DefinitionFault, StaffText, Text
from .words import near, pydantic_words

MAX_FAULTS = 50


def cast(model, tree):
    """(instance, faults): the instance is None when there are faults."""
    try:
        return model.model_validate(tree), []
    except ValidationError as error:
        return None, _faults(model, tree, error.errors(include_url=False))


def missing_languages(instance, path=()):
    """Warnings for every text in `instance` that is not written in all six languages."""
    if isinstance(instance, StaffText):
        return
    if isinstance(instance, Text):
        missing = [tag for tag in TAGS if tag not in instance]
        if missing:
            yield DefinitionFault(
                path,
                f"「{instance['ja'][:20]}」が {'、'.join(missing)} で書かれていません。",
                "足りない言語の文を足してください。それまで、その言語の人には日本語で表示されます。",
                level="warning",
            )
        return
    for step, value in _parts(instance):
        yield from missing_languages(value, (*path, step))


def _parts(instance):
    if isinstance(instance, BaseModel):
        fields = type(instance).model_fields
        return [(fields[name].alias or name, value) for name, value in instance if name in fields]
    if isinstance(instance, dict):
        return list(instance.items())
    return list(enumerate(instance)) if isinstance(instance, (list, tuple)) else []


def _faults(model, tree, errors):
    found, misspelt = [], set()
    for path, error in sorted(_told(tree, errors), key=lambda told: told[1]["type"] != "extra_forbidden")[
        :MAX_FAULTS
    ]:
        cause = error.get("ctx", {}).get("error")
        if isinstance(cause, DefinitionFault):
            found.append(DefinitionFault((*path, *cause.path), cause.message, cause.mend, cause.level))
        elif not (error["type"] == "missing" and path in misspelt):
            known = allowed_keys(model, error["loc"][:-1]) if error["type"] == "extra_forbidden" else ()
            misspelt.add((*path[:-1], near(path[-1], known)) if known else ())
            found.append(DefinitionFault(path, *pydantic_words(error, known)))
    return found


def _told(tree, errors):
    """(path, error) pairs; where a value may have one of several forms, only the form it comes nearest to."""
    plain, forms = [], {}
    for error in errors:
        path, branch = _path(tree, error)
        if branch is None:
            plain.append((path, error))
        else:
            at, label = branch
            forms.setdefault(at, {}).setdefault(label, []).append((path, error))
    for branches in forms.values():
        plain += max(branches.values(), key=_nearness)
    return plain


def _nearness(branch):
    """How near a form comes: mistakes deep inside rather than the wrong shape, and few of them."""
    shapely = all(not error["type"].endswith("_type") for _path, error in branch)
    return shapely, max(len(path) for path, _error in branch), -len(branch)


def _path(tree, error):
    """The path in the source that pydantic's `loc` means, and the first (place, label) of a form among
    several.
    """
    path, node, branch = [], tree, None
    for index, step in enumerate(error["loc"]):
        last = index == len(error["loc"]) - 1
        if (isinstance(node, dict) and step in node) or (
            isinstance(node, list) and isinstance(step, int) and step < len(node)
        ):
            node = node[step]
            path.append(step)
        elif last and error["type"] in ("missing", "extra_forbidden"):
            path.append(step)
        elif step != "[key]" and branch is None:
            branch = (tuple(path), step)
    return tuple(path), branch


def allowed_keys(model, loc):
    """The keys that may stand at `loc` (pydantic's), for suggestions; empty where any may."""
    keys = set()
    for found in _models(model, loc):
        keys |= {field.alias or name for name, field in found.model_fields.items()}
    return keys


def _models(annotation, loc):
    """All models that `annotation` may mean at `loc`."""
    origin, arms = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _models(arms[0], loc)
    if origin in (Union, UnionType):
        return _union_models(arms, loc)
    if origin in (list, dict, tuple):
        return _models(arms[-1] if origin is dict else arms[0], loc[1:]) if arms and loc else set()
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _inner_models(annotation, loc) if loc else {annotation}
    return set()


def _inner_models(model, loc):
    named = [field for name, field in model.model_fields.items() if loc[0] in (name, field.alias)]
    return _models(named[0].annotation, loc[1:]) if named else set()


def _union_models(arms, loc):
    arms = [arm for arm in arms if arm is not type(None)]
    if len(arms) > 1 and loc and (named := [arm for arm in arms if loc[0] in _labels(arm)]):
        return _models(named[0], loc[1:])
    return set().union(*(_models(arm, loc) for arm in arms))


def _labels(arm):
    """What pydantic may call a form of a union: the class, its discriminating value, or its tag."""
    labels = (
        {getattr(extra, "tag", None) for extra in get_args(arm)[1:]}
        if get_origin(arm) is Annotated
        else set()
    )
    bare: Any = get_args(arm)[0] if get_origin(arm) is Annotated else arm
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        labels.add(bare.__name__)
        for field in bare.model_fields.values():
            if get_origin(field.annotation) is Literal:
                labels.update(get_args(field.annotation))
    return labels
