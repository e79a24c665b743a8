from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.registers.credit_code import SIGNS, check_sign, fault


def test_the_example_of_the_standard_is_valid():
    assert fault("91350100M000100Y43") is None


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("91350100M000100Y4", "18 signs"),
        ("91350100M000100Y44", "check digit"),
        ("91350100I000100Y43", "without I, O, S, V and Z"),
        ("91350100m000100y43", "capital"),
    ],
)
def test_a_wrong_code_is_explained(code, words):
    assert words in fault(code)


@given(st.text(alphabet=SIGNS, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(SIGNS))
def test_one_mistyped_sign_is_always_found(first, position, other):
    code = first + check_sign(first)
    if other != code[position]:
        assert fault(code[:position] + other + code[position + 1 :]) is not None
