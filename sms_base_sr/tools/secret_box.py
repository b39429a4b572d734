"""Secrets at rest: sealed with a key that a database dump does not hold.

Sealed values are Fernet tokens (AES-128-CBC and HMAC-SHA256, package
``cryptography``). The key comes from outside the database: :func:`load_keys`.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_FINGERPRINT_CONTEXT = b"sms_base_sr fingerprint v1"


class SecretUnreadable(Exception):
    """A sealed value belongs to another key, or is damaged."""

    def __init__(self) -> None:
        super().__init__(
            "A stored secret cannot be read with the present key: "
            "restore the former key, or enter the secrets again."
        )


class KeyUnusable(ValueError):
    """A configured key is no Fernet key; the message never shows the key."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The key in {where} is not usable: it must be 32 random bytes in "
            "URL-safe base64, as cryptography.fernet.Fernet.generate_key() makes "
            "them; several are separated by commas."
        )


class SecretBox:
    """Seals with the first key, opens with any of them."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise KeyUnusable("the list of keys")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except (ValueError, TypeError):
            raise KeyUnusable("the list of keys") from None
        self._newest = Fernet(keys[0])
        self._hash_keys = [_hash_key(key) for key in keys]

    def seal(self, value: str) -> str:
        """Return ``value`` encrypted: ASCII text, different each time."""
        return self._fernet.encrypt(value.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return the value that was sealed; raises :class:`SecretUnreadable`."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except (InvalidToken, ValueError, AttributeError):
            # The cause is left out: its locals would reach error reports.
            raise SecretUnreadable from None

    def reseal(self, sealed: str) -> str:
        """Seal again with the first key, after a new one was put in front."""
        return self.seal(self.open(sealed))

    def is_newest(self, sealed: str) -> bool:
        """Tell whether the first key opens it, so that no other is needed for it."""
        try:
            self._newest.decrypt(sealed.encode())
        except (InvalidToken, ValueError, AttributeError):
            return False
        return True

    def fingerprint(self, value: str) -> str:
        """Return a keyed hash (64 hex digits) to find a sealed value by."""
        return _digest(self._hash_keys[0], value)

    def fingerprints(self, value: str) -> list[str]:
        """Return the hash under each key, for values stored before a new key."""
        return [_digest(key, value) for key in self._hash_keys]


def load_keys(
    env_value: str | None, config_value: str | None, key_file: Path
) -> list[bytes]:
    """Return the keys, the sealing one first.

    The environment's value counts before the configuration file's, and both
    before ``key_file``, which is made on first use. Raises :class:`KeyUnusable`
    for a value that is no key, ``OSError`` when the file cannot be made or read.
    """
    if env_value and env_value.strip():
        return _parse(env_value, "the environment variable")
    if config_value and config_value.strip():
        return _parse(config_value, "the configuration file")
    return _parse(_read_or_make(Path(key_file)), "the key file")


def _parse(text: str, where: str) -> list[bytes]:
    try:
        keys = [part.strip().encode("ascii") for part in text.split(",")]
        keys = [key for key in keys if key]
        for key in keys:
            Fernet(key)
    except ValueError:
        raise KeyUnusable(where) from None
    if not keys:
        raise KeyUnusable(where)
    return keys


def _read_or_make(key_file: Path) -> str:
    """Return the file's text; of several processes that make it, one wins.

    It appears under its name only when complete: nobody can read half a key.
    """
    if not key_file.exists():
        _make_folders(key_file.parent)
        draft = key_file.with_name(f".{key_file.name}.{secrets.token_hex(8)}")
        try:
            _write_private(draft, Fernet.generate_key())
            with suppress(FileExistsError):
                os.link(draft, key_file)
        finally:
            draft.unlink(missing_ok=True)
    return key_file.read_bytes().decode("ascii", "replace")


def _write_private(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)


def _make_folders(folder: Path) -> None:
    """Make the missing folders, each 0700 (``parents=True`` forgets the mode)."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)


def _hash_key(key: bytes) -> bytes:
    """Derive a key for hashing, so that one key never serves two purposes."""
    return hmac.digest(key, _FINGERPRINT_CONTEXT, hashlib.sha256)


def _digest(key: bytes, value: str) -> str:
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
