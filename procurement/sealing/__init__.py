"""The cryptography of sealed bids: small, pure, and told in docs/explanation/sealed-bids.md.

``codes``      a key holder's opening code and the key it stands for
``shamir``     a secret in n shares, any k of which give it back
``wrapping``   a small secret for the holder of one X25519 key
``streams``    a file of any size sealed piece by piece
``spool``      an upload on its way, never on disk in the clear
``records``    what a bidder's receipt is the hash of
``inspection`` what may be inside a file, and what may not
``metadata``   what a file says of its own making
"""
