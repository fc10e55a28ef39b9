"""An organisation as people write it, turned into flat lists. Pure."""

from machi.engines.definitions.define import DefinitionFault


def compile_organisation(definition, _resolver=None):
    """The bundle of an Organisation: flat lists of "units" (parents first), "posts", "roles" and "grants".

    Raises DefinitionFault for a unit or post named twice and for names that lead nowhere.
    """
    units = list(_flatten(definition.units, (), None))
    _refuse_twice(units)
    posts = [post for path, unit, _parent in units for post in _posts(definition, unit, path)]
    post_codes = {post["code"] for post in posts}
    for path, unit, _parent in units:
        _refuse_deputies(path, unit, [post for post in posts if post["unit"] == unit.code], post_codes)
    grants = [grant for post in posts for grant in post.pop("grants")]
    for place, grant in enumerate(definition.grants):
        _refuse_unknown(
            grant, ("grants", place), definition, post_codes, {unit.code for _path, unit, _up in units}
        )
        grants.append(_grant(grant.post, grant.role, grant.unit, grant))
    return {
        "code": definition.code,
        "title": dict(definition.title),
        "units": [_unit(unit, parent) for _path, unit, parent in units],
        "posts": posts,
        "roles": [
            {"code": code, "title": dict(role.title), "verbs": list(role.verbs), "ceiling": role.ceiling}
            for code, role in definition.roles.items()
        ],
        "grants": grants,
    }


def _flatten(units, path, parent):
    for place, unit in enumerate(units):
        here = (*path, "units", place)
        yield here, unit, parent
        yield from _flatten(unit.units, here, unit.code)


def _refuse_twice(units):
    seen = set()
    for path, unit, _parent in units:
        if unit.code in seen:
            raise DefinitionFault(
                (*path, "code"), f"課のコード {unit.code} が2回出てきます。", "別のコードにしてください。"
            )
        seen.add(unit.code)


def _unit(unit, parent):
    return {
        "code": unit.code,
        "title": dict(unit.title),
        "parent": parent,
        "sign": unit.sign,
        "phone": unit.phone,
        "mail": unit.mail,
        "duties": dict(unit.duties or {}),
        "is_sample": unit.sample,
    }


def _posts(definition, unit, path):
    if unit.posts not in definition.post_sets:
        known = "、".join(definition.post_sets)
        raise DefinitionFault(
            (*path, "posts"), f"職の組 {unit.posts} がありません。", f"次のどれかにしてください: {known}"
        )
    seen = set()
    for post in [*definition.post_sets[unit.posts], *unit.more_posts]:
        code = f"{unit.code}.{post.key}"
        if code in seen:
            raise DefinitionFault(
                (*path, "more_posts"), f"職 {code} が2回出てきます。", "別のキーにしてください。"
            )
        seen.add(code)
        for role in post.roles:
            _refuse_unknown_role(role, (*path, "posts"), definition)
        grants = [_grant(code, role, unit.code) for role in post.roles]
        named = unit.deputies.get(post.key, post.deputies)
        deputies = [name if "." in name else f"{unit.code}.{name}" for name in named]
        yield {"code": code, "unit": unit.code, "title": dict(post.title), "grants": grants, "deputies": deputies}


def _refuse_deputies(path, unit, posts, known):
    """Who acts for a post is another post, and there is such a post."""
    for key in unit.deputies:
        if f"{unit.code}.{key}" not in known:
            mend = "この課にある職のキーを書いてください。"
            raise DefinitionFault((*path, "deputies", key), f"職 {unit.code}.{key} がありません。", mend)
    for post in posts:
        for code in post["deputies"]:
            if code not in known or code == post["code"]:
                mend = "同じ課の職のキーか「課のコード.職のキー」で、ほかの職を書いてください。"
                message = f"職 {post['code']} の代決者「{code}」は、代わりになれません。"
                raise DefinitionFault((*path, "deputies"), message, mend)


def _grant(post, role, unit, given=None):
    return {
        "post": post,
        "role": role,
        "unit": unit,
        "code": given.code if given else "*",
        "since": given.since.isoformat() if given and given.since else None,
        "until": given.until.isoformat() if given and given.until else None,
    }


def _refuse_unknown(grant, path, definition, posts, units):
    _refuse_unknown_role(grant.role, (*path, "role"), definition)
    if grant.post not in posts:
        mend = "「課のコード.職のキー」(例: citizens.chief)で書いてください。"
        raise DefinitionFault((*path, "post"), f"職 {grant.post} がありません。", mend)
    if grant.unit not in units:
        raise DefinitionFault(
            (*path, "unit"), f"課 {grant.unit} がありません。", "units にある課のコードを書いてください。"
        )


def _refuse_unknown_role(role, path, definition):
    if role not in definition.roles:
        known = "、".join(definition.roles)
        raise DefinitionFault(path, f"役割 {role} がありません。", f"次のどれかにしてください: {known}")
