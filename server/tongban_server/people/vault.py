"""The vault: personal data is sealed with keys that never lie in the database.

One root key in `home/keys/vault.key` (made on first use, readable by its owner only); every purpose has its own key
derived from it. Sealed bytes begin with a version byte, so that a later key may live beside this one.
"""

import hashlib
import hmac
import os
from pathlib import Path
from secrets import token_bytes

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"\x01"


class Vault:
    """Seals and opens; makes keyed digests for look-ups; signs cookies."""

    def __init__(self, root: bytes) -> None:
        if len(root) != 32:
            raise ValueError("the vault's root key has 32 bytes")
        self._fields = AESGCM(_derived(root, b"fields"))
        self._papers = AESGCM(_derived(root, b"papers"))
        self._persons = _derived(root, b"persons")
        self._cookies = _derived(root, b"cookies")
        self._requests = _derived(root, b"requests")

    @classmethod
    def in_folder(cls, home: Path) -> "Vault":
        """The vault of a home folder; its key is made if there is none."""
        path = home / "keys" / "vault.key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write_once(path, token_bytes(32))
        return cls(path.read_bytes())

    def seal(self, text: str, *, bound_to: str) -> bytes:
        """Seal a text so that it opens only with the same `bound_to` (the row it belongs to)."""
        return _seal(self._fields, text.encode(), bound_to.encode())

    def open(self, sealed: bytes, *, bound_to: str) -> str:
        """Open what `seal` made."""
        return _open(self._fields, sealed, bound_to.encode()).decode()

    def seal_paper(self, content: bytes) -> bytes:
        """Seal the bytes of a paper."""
        return _seal(self._papers, content, b"paper")

    def open_paper(self, sealed: bytes) -> bytes:
        """Open what `seal_paper` made."""
        return _open(self._papers, sealed, b"paper")

    def person_key(self, id_number: str) -> str:
        """A keyed digest of an ID number, for "has this person a ticket?" without knowing who it is."""
        return hmac.new(self._persons, id_number.upper().encode(), hashlib.sha256).hexdigest()

    def request_key(self, request: bytes) -> str:
        """A keyed digest of a request, for "was this asked before?" without keeping what was asked."""
        return hmac.new(self._requests, request, hashlib.sha256).hexdigest()

    def sign(self, text: str) -> str:
        """A cookie's value: the text and its signature."""
        return f"{text}.{self._signature(text)}"

    def signed(self, value: str) -> str | None:
        """The text of a signed value, or None if it was not signed by us."""
        text, _, signature = value.rpartition(".")
        return text if hmac.compare_digest(_bytes(signature), _bytes(self._signature(text))) else None

    def _signature(self, text: str) -> str:
        return hmac.new(self._cookies, _bytes(text), hashlib.sha256).hexdigest()[:40]


def _bytes(said: str) -> bytes:
    """A header's text as bytes; what is not UTF-8 comes as surrogates, which match nothing that we signed."""
    return said.encode(errors="surrogatepass")


def _derived(root: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tongban " + purpose).derive(root)


def _seal(key: AESGCM, content: bytes, bound: bytes) -> bytes:
    nonce = token_bytes(12)
    return VERSION + nonce + key.encrypt(nonce, content, bound)


def _open(key: AESGCM, sealed: bytes, bound: bytes) -> bytes:
    if sealed[:1] != VERSION:
        raise ValueError("sealed by an unknown version of the vault")
    return key.decrypt(sealed[1:13], sealed[13:], bound)


def _write_once(path: Path, content: bytes) -> None:
    """Make the file whole or not at all, even if two processes start at once."""
    part = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
