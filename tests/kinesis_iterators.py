"""Shard iterators of kinesis-mock made old, so that no test waits five minutes."""

import base64
import time

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

# It seals its iterators with these, which its source has in the open.
_KEY = "1133a5a833666b49abf28c8ba302930f0b2fb240dccd43cf4dfbc0ca91f17751"
_BEGIN = "7bf139dbabbea2d9995d6fcae1dff7da"
_SEAL = Cipher(algorithms.AES(bytes.fromhex(_KEY)), modes.CBC(bytes.fromhex(_BEGIN)))
_PREFIX = 8
_SECONDS = 3600


def made_old(iterator: str) -> str:
    """Return the same iterator as kinesis-mock would have given it an hour ago."""
    sealed = base64.b64decode(iterator)
    opener = _SEAL.decryptor()
    text = opener.update(sealed[_PREFIX:]) + opener.finalize()
    then = f"{int((time.time() - _SECONDS) * 1000):014d}".encode()
    sealer = _SEAL.encryptor()
    old = sealer.update(then + text[len(then) :]) + sealer.finalize()
    return base64.b64encode(sealed[:_PREFIX] + old).decode()
