from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.draw import drawn, shuffled

KEYS = st.lists(st.text(min_size=1, max_size=5), unique=True, max_size=12)


@given(st.text(max_size=20), KEYS)
def test_the_same_seed_gives_the_same_order_whatever_order_the_keys_came_in(seed, keys):
    assert shuffled(seed, keys) == shuffled(seed, reversed(keys))
    assert sorted(shuffled(seed, keys)) == sorted(keys)


def test_drawing_more_than_there_are_is_refused():
    with pytest.raises(ValueError, match="cannot draw 3 of 2"):
        drawn("seed", ["a", "b"], 3)


def test_a_key_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        shuffled("seed", ["a", "a"])


def test_the_draw_can_be_repeated_from_its_description_alone():
    keys = [f"exp-{n:02d}" for n in range(1, 16)]
    order, counter, seed = sorted(keys), 0, "2026-03-02"
    for i in range(len(order) - 1):
        span = len(order) - i
        while True:
            number = int(hashlib.sha256(f"{seed}:{counter}".encode()).hexdigest(), 16)
            counter += 1
            if number < 2**256 - 2**256 % span:
                break
        j = i + number % span
        order[i], order[j] = order[j], order[i]
    assert drawn(seed, keys, 5) == order[:5]


def test_every_expert_is_drawn_about_equally_often():
    keys = [f"exp-{n:02d}" for n in range(10)]
    counts = dict.fromkeys(keys, 0)
    for n in range(5000):
        for key in drawn(f"seed {n}", keys, 3):
            counts[key] += 1
    expected = 5000 * 3 / 10
    chi_square = sum((count - expected) ** 2 / expected for count in counts.values())
    assert chi_square < 27.9  # 9 degrees of freedom, 0.1 %
