"""Who may call a webhook: signed tokens (JWT) and source addresses.

Only HS256 (RFC 7515, RFC 7519), with secrets of at least 32 bytes as RFC 7518
section 3.2 demands. The error tells the caller nothing; our log gets the reason.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, NamedTuple

import jwt

MIN_SECRET_BYTES = 32
MAX_TOKEN_LENGTH = 8192
_ALGORITHM = "HS256"

# The end of the year 9999: what lies beyond is no date, and a signer's mistake.
_LAST_SECOND = 253_402_300_799

# The secret says who is calling; whom the token is for is nobody's convention here.
_OPTIONS = {"require": ["exp"], "verify_aud": False, "verify_iss": False}

Network = IPv4Network | IPv6Network


class Refused(Exception):
    """The call is not authentic. ``reason`` is for our log, never for the answer.

    ``provider_id`` is whose door it was, where that is known.
    """

    def __init__(self, reason: str, provider_id: int | None = None) -> None:
        self.reason = reason
        self.provider_id = provider_id
        super().__init__("refused")


class Verified(NamedTuple):
    """``index`` of the secret that signed the token, and the token's claims.

    ``signed`` is the text that the signature is over. Remember a token by it: of the
    whole token there are many spellings, since base64 has spare bits and decoders
    skip what they do not know.
    """

    index: int
    claims: dict[str, Any]
    signed: str

    @property
    def replay_key(self) -> str:
        """What no other call may carry: a digest of the token's id, or of its text."""
        jti = self.claims.get("jti")
        name = f"jti:{jti}" if jti else f"text:{self.signed}"
        return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def expires(self) -> int:
        """When the token ends, in seconds since 1970."""
        return int(self.claims["exp"])


def verify_jwt(
    token: str | None, keys: Sequence[str | bytes], body: bytes, leeway: int = 30
) -> Verified:
    """Return whose token it is; raises :class:`Refused` for anything wrong.

    ``keys`` are tried in order; those below 32 bytes never match. ``leeway``
    is in seconds. A claim ``body_sha256`` (hex), where present, must be that of
    ``body``, so that a token cannot be used for another body.
    """
    _check_shape(token)
    usable = [(i, key) for i, k in enumerate(keys) if len(key := _bytes(k)) >= 32]
    if not usable:
        raise Refused("short_secret" if keys else "no_secret")
    reasons = []
    for index, key in usable:
        try:
            claims = _decode(token, key, leeway)
        except Refused as refused:
            reasons.append(refused.reason)
            continue
        _check_body(claims, body)
        return Verified(index, claims, token.rpartition(".")[0])
    # A token that is merely expired is more worth knowing than the keys it missed.
    raise Refused(
        next((r for r in reasons if r != "InvalidSignatureError"), reasons[0])
    )


def sign(secret: str, body: bytes, lifetime: int = 60) -> str:
    """Return a token for one body, as :func:`verify_jwt` wants it."""
    claims = {
        "exp": int(time.time()) + lifetime,
        "jti": secrets.token_hex(16),
        "body_sha256": hashlib.sha256(body).hexdigest(),
    }
    return jwt.encode(claims, secret, algorithm=_ALGORITHM)


def _check_shape(token: str | None) -> None:
    """Refuse by the header, before any secret is touched."""
    if not token or not isinstance(token, str):
        raise Refused("no_token")
    if len(token) > MAX_TOKEN_LENGTH:
        raise Refused("long_token")
    try:
        header = jwt.get_unverified_header(token)
    except Exception as error:  # forged bytes raise whatever they find
        raise Refused(type(error).__name__) from None
    if header.get("alg") != _ALGORITHM:
        raise Refused("algorithm")
    if "crit" in header:  # older releases of PyJWT do not look at it
        raise Refused("critical_header")


def _decode(token: str, key: bytes, leeway: int) -> dict[str, Any]:
    try:
        claims = jwt.decode(
            token, key, algorithms=[_ALGORITHM], options=_OPTIONS, leeway=leeway
        )
    except Exception as error:  # also OverflowError for an infinite exp
        raise Refused(type(error).__name__) from None
    if int(claims["exp"]) > _LAST_SECOND:
        raise Refused("endless")
    return claims


def _check_body(claims: dict[str, Any], body: bytes) -> None:
    if "body_sha256" not in claims:
        return
    claimed = str(claims["body_sha256"]).lower().encode("utf-8", "replace")
    actual = hashlib.sha256(body).hexdigest().encode()
    if not hmac.compare_digest(claimed, actual):
        raise Refused("body_hash")


def _bytes(secret: str | bytes | None) -> bytes:
    return secret.encode() if isinstance(secret, str) else secret or b""


def parse_networks(text: str | None) -> tuple[Network, ...]:
    """Read addresses and networks separated by spaces, commas or lines.

    Raises ``ValueError`` that names the entry which is neither.
    """
    entries = (text or "").replace(",", " ").split()
    return tuple(ip_network(entry, strict=False) for entry in entries)


def address_allowed(remote: str | None, networks: Iterable[str]) -> bool:
    """Tell whether the address ``remote`` lies in one of ``networks``.

    No network at all means no restriction; one that cannot be read allows
    nobody. IPv4 written as IPv6 (``::ffff:192.0.2.1``) counts as IPv4.
    """
    known = tuple(networks)
    if not known:
        return True
    try:
        address = ip_address(remote or "")
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(network and address in network for network in map(_network, known))


@lru_cache(maxsize=1024)
def _network(text: str) -> Network | None:
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        return None
