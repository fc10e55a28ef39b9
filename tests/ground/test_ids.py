"""Numbers people read out tell when they were misread."""

import itertools
import uuid

from machi.ground.ids import ALPHABET, check_reference, new_id, reference_code, secret_token, token_digest


def test_row_ids_are_uuid7_and_grow():
    ids = [new_id() for _ in range(1000)]
    assert all(isinstance(one, uuid.UUID) and one.version == 7 for one in ids)
    assert ids == sorted(ids)
    assert len(set(ids)) == 1000


def test_reference_codes_have_three_groups_without_lookalikes():
    code = reference_code()
    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert not set("0O1IL") & set(code)
    assert len(ALPHABET) == len(set(ALPHABET)) == 31


def test_reference_codes_are_accepted_however_they_are_typed():
    code = reference_code()
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    for typed in (
        code,
        code.lower(),
        code.replace("-", ""),
        code.replace("-", " "),
        wide,
        code.replace("-", "ー"),
        f" {code} ",
    ):
        assert check_reference(typed) == code


def test_every_single_wrong_sign_is_caught():
    for code in (reference_code().replace("-", "") for _ in range(40)):
        for place, sign in itertools.product(range(len(code)), ALPHABET):
            wrong = code[:place] + sign + code[place + 1 :]
            assert (check_reference(wrong) is not None) == (wrong == code)


def test_every_swap_of_neighbours_is_caught():
    for code in (reference_code().replace("-", "") for _ in range(500)):
        for place in range(len(code) - 1):
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert (check_reference(swapped) is not None) == (swapped == code)


def test_what_is_no_code_is_refused():
    for text in ("", "ABCD", "0000-0000-0000", "あ" * 12, reference_code() + "2", "\x00" * 12):
        assert check_reference(text) is None


def test_secret_tokens_are_long_and_only_their_digest_is_kept():
    token = secret_token()
    assert len(token) >= 43
    assert token != secret_token()
    assert len(token_digest(token)) == 64
    assert token_digest(token) == token_digest(token)
