"""The signature that the requirement documents want: a JWT bound to the body."""

import hashlib
import time
import uuid

import jwt


def sign(body: bytes, secret: str, lifetime: int = 300, **claims) -> str:
    """JWT HS256 with ``exp`` and the SHA-256 of the raw body in ``body_sha256``.

    ``claims`` replace or add some; one that is None is left out.
    """
    now = int(time.time())
    payload = {
        "iss": "kolmeya",
        "jti": str(uuid.uuid4()),
        "iat": now,
        "exp": now + lifetime,
        "body_sha256": hashlib.sha256(body).hexdigest(),
    } | claims
    payload = {name: value for name, value in payload.items() if value is not None}
    return jwt.encode(payload, secret, algorithm="HS256")


def signed_headers(settings, body: bytes) -> dict[str, str]:
    """The header, where a secret is set; without one the path is the only proof."""
    if not settings.jwt_secret:
        return {}
    token = sign(body, settings.jwt_secret, settings.jwt_lifetime)
    return {settings.signature_header: token}
