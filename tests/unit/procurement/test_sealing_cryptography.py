"""Codes, shares, wraps, sealed streams and the spool: what a bid's secrecy stands on."""

from __future__ import annotations

import io
import itertools
import os
import random
import tempfile

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from procurement.sealing import codes, shamir, streams, wrapping
from procurement.sealing.codes import CodeMistyped
from procurement.sealing.spool import EncryptedSpool
from procurement.sealing.streams import AES, PIECE, SM4, BrokenSeal

CONTEXT = b"purchase, organisation, 1"
CIPHERS = pytest.mark.parametrize("cipher", [AES, SM4])


def sealed(content: bytes, key: bytes, cipher: str = AES, context: bytes = CONTEXT) -> bytes:
    return b"".join(streams.seal([content], key, context, cipher))


def unsealed(content: bytes, key: bytes, context: bytes = CONTEXT) -> bytes:
    return b"".join(streams.unseal([content], key, context))


def test_a_code_has_more_than_128_random_bits_and_is_read_however_it_is_typed():
    code = codes.new_code()
    assert codes.RANDOM_BYTES * 8 >= 128
    assert len(code.split("-")) == 8
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert codes.secret_of(typed) == codes.secret_of(code)
    assert codes.public_bytes(codes.private_key(typed)) == codes.public_bytes(codes.private_key(code))


def test_every_single_mistyped_sign_is_noticed():
    code = codes.code_of(bytes(range(17)))
    for place, sign in enumerate(code):
        if sign == "-":
            continue
        for other in codes.ALPHABET:
            if other != sign:
                with pytest.raises(CodeMistyped):
                    codes.secret_of(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize("typed", ["", "ABCD", "U" * 32, "0" * 33, "开启码"])
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(CodeMistyped):
        codes.secret_of(typed)


def test_two_codes_are_never_the_same_and_give_different_keys():
    made = {codes.new_code() for _ in range(200)}
    assert len(made) == 200
    assert len({codes.public_bytes(codes.private_key(code)) for code in made}) == 200


@pytest.mark.parametrize(("needed", "shares"), [(k, n) for n in range(1, 7) for k in range(1, n + 1)])
def test_any_k_shares_give_the_secret_back_and_k_minus_one_do_not(needed, shares):
    secret = os.urandom(32)
    split = shamir.split(secret, shares, needed)
    for size in range(1, shares + 1):
        for chosen in itertools.combinations(split, size):
            combined = shamir.combine({x: split[x] for x in chosen})
            assert (combined == secret) == (size >= needed)


@given(st.binary(min_size=1, max_size=40), st.integers(1, 9), st.data())
def test_shares_of_any_secret_give_it_back_in_any_order(secret, shares, data):
    needed = data.draw(st.integers(1, shares))
    split = shamir.split(secret, shares, needed)
    chosen = data.draw(st.permutations(sorted(split)))[:needed]
    assert shamir.combine({x: split[x] for x in chosen}) == secret


def test_one_share_too_few_leaves_every_secret_equally_possible():
    """For each candidate byte there is exactly one polynomial through the known shares: the attacker learns nothing."""
    (x1, y1), *_ = shamir.split(b"\x2a", 3, 2).items()
    missing = {
        secret: [y for y in range(256) if shamir.combine({x1: y1, 7: bytes([y])}) == bytes([secret])] for secret in range(256)
    }
    assert all(len(found) == 1 for found in missing.values())


def test_multiplication_is_that_of_a_field():
    draw = random.Random(1)
    for _ in range(500):
        a, b, c = (draw.randrange(256) for _ in range(3))
        assert shamir.multiply(a, b) == shamir.multiply(b, a)
        assert shamir.multiply(a, b ^ c) == shamir.multiply(a, b) ^ shamir.multiply(a, c)
        assert not b or shamir.multiply(shamir.divide(a, b), b) == a
    assert shamir.multiply(0x57, 0x83) == 0xC1  # FIPS 197, 4.2


@pytest.mark.parametrize("shares", [{}, {1: b"ab", 2: b"a"}, {0: b"a"}, {256: b"a"}])
def test_shares_that_cannot_belong_together_are_refused(shares):
    with pytest.raises(shamir.BadShares):
        shamir.combine(shares)


def test_what_is_wrapped_opens_for_its_holder_and_its_purpose_only():
    holder, other = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    wrapped = wrapping.wrap(b"share", codes.public_bytes(holder), b"CG-1 holder 1")
    assert wrapping.unwrap(wrapped, holder, b"CG-1 holder 1") == b"share"
    for key, context in ((other, b"CG-1 holder 1"), (holder, b"CG-2 holder 1")):
        with pytest.raises(wrapping.CannotUnwrap):
            wrapping.unwrap(wrapped, key, context)


def test_every_flipped_bit_of_a_wrap_is_noticed():
    holder = X25519PrivateKey.generate()
    wrapped = wrapping.wrap(b"share", codes.public_bytes(holder), b"")
    for place in range(len(wrapped)):
        for bit in (1, 64):
            flipped = bytearray(wrapped)
            flipped[place] ^= bit
            with pytest.raises(wrapping.CannotUnwrap):
                wrapping.unwrap(bytes(flipped), holder, b"")


@CIPHERS
@pytest.mark.parametrize("size", [0, 1, 15, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 77])
def test_any_size_comes_back_whatever_the_chunks(cipher, size):
    content, key = os.urandom(size), streams.new_key()
    chunks = [content[at : at + 70_001] for at in range(0, size, 70_001)]
    whole = b"".join(streams.seal(chunks, key, CONTEXT, cipher))
    assert len(whole) == size + streams.HEADER + streams.TAG * max(1, -(-size // PIECE))
    assert b"".join(streams.unseal([whole[at : at + 9_999] for at in range(0, len(whole), 9_999)], key, CONTEXT)) == content


@CIPHERS
def test_every_flipped_byte_of_a_small_sealed_file_is_noticed(cipher):
    key = streams.new_key()
    whole = sealed(b"price 47500.00", key, cipher)
    for place in range(len(whole)):
        flipped = bytearray(whole)
        flipped[place] ^= 1 + place % 255
        with pytest.raises(BrokenSeal):
            unsealed(bytes(flipped), key)


@CIPHERS
def test_every_shortening_and_lengthening_of_a_small_sealed_file_is_noticed(cipher):
    key = streams.new_key()
    whole = sealed(b"price 47500.00", key, cipher)
    for end in range(len(whole)):
        with pytest.raises(BrokenSeal):
            unsealed(whole[:end], key)
    for more in (b"\0", whole, whole[streams.HEADER :]):
        with pytest.raises(BrokenSeal):
            unsealed(whole + more, key)


def _cut(whole: bytes) -> list[bytes]:
    body = whole[streams.HEADER :]
    step = PIECE + streams.TAG
    return [whole[: streams.HEADER], *(body[at : at + step] for at in range(0, len(body), step))]


def test_pieces_dropped_repeated_or_in_another_order_are_noticed():
    key = streams.new_key()
    header, one, two, three = _cut(sealed(os.urandom(2 * PIECE + 9), key))
    for pieces in ([two, one, three], [one, three], [one, two], [one, one, two, three], [one, two, two, three], [three], []):
        with pytest.raises(BrokenSeal):
            unsealed(b"".join([header, *pieces]), key)


def test_a_sealed_file_moved_to_another_place_or_read_with_another_key_is_noticed():
    key = streams.new_key()
    whole = sealed(b"price", key)
    with pytest.raises(BrokenSeal):
        unsealed(whole, key, b"purchase, organisation, 2")
    with pytest.raises(BrokenSeal):
        unsealed(whole, streams.new_key())


def test_one_cipher_cannot_be_passed_off_as_the_other():
    key = streams.new_key()
    whole = sealed(b"price", key, AES)
    with pytest.raises(BrokenSeal):
        unsealed(streams.MARKS[SM4] + whole[4:], key)


def test_the_same_content_is_never_sealed_to_the_same_bytes():
    assert sealed(b"price", streams.new_key()) != sealed(b"price", streams.new_key())


def test_a_missing_cipher_is_said_in_a_sentence(monkeypatch):
    def refuse(*_: object) -> None:
        raise streams.UnsupportedAlgorithm("no SM4")

    monkeypatch.setattr(streams.algorithms, "SM4", refuse)
    with pytest.raises(streams.CipherMissing, match="AES-256-GCM"):
        streams.try_cipher(SM4)
    streams.try_cipher(AES)


@given(st.binary(max_size=3000), st.lists(st.tuples(st.integers(0, 3200), st.integers(0, 500)), max_size=8))
def test_a_spool_gives_back_what_was_written_from_any_place(content, reads):
    with EncryptedSpool() as spool:
        for at in range(0, len(content), 113):
            spool.write(content[at : at + 113])
        known = io.BytesIO(content)
        for place, length in reads:
            assert spool.seek(place) == known.seek(place)
            assert spool.read(length) == known.read(length)
        spool.seek(0)
        assert spool.read() == content


def test_nothing_of_a_spool_can_be_read_on_disk(monkeypatch, tmp_path):
    kept = (tmp_path / "spool").open("w+b", buffering=0)
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: kept)
    with EncryptedSpool() as spool:
        spool.write(b"CANARY" * 20_000)
        on_disk = (tmp_path / "spool").read_bytes()
        assert len(on_disk) == 120_000
        assert b"CANARY" not in on_disk
        spool.seek(6)
        assert spool.read(6) == b"CANARY"


def test_a_spool_is_written_once():
    with EncryptedSpool() as spool:
        spool.write(b"abc")
        spool.seek(0)
        with pytest.raises(io.UnsupportedOperation):
            spool.write(b"d")
