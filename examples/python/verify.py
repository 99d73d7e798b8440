"""
Verifies enterprise tokens by the published keys, one token a line: python verify.py <tenantSpaceId> < tokens

A public key cannot see that a token or its user has been revoked or disabled meanwhile: whoever must know that
asks the route chatThirdPartyValidate, as CEC does.
"""

import os
import sys

import jwt

API = os.environ.get("API", "http://127.0.0.1:3000")
ISSUER = os.environ.get("ISSUER", "https://local.cec-token-bridge.invalid")
# Kept for as long as `cache-control` of the answer allows; an unknown `kid` asks again.
KEYS = jwt.PyJWKClient(f"{API}/.well-known/jwks.json", lifespan=300, timeout=10)


def verify(token: str, tenant_space_id: str) -> dict:
    """The claims of a good token. Raises jwt.PyJWTError otherwise; PyJWKClientConnectionError: the keys cannot be fetched."""
    if jwt.get_unverified_header(token).get("typ") != "cec-enterprise+jwt":  # the signature below covers it
        raise jwt.InvalidTokenError("typ")
    return jwt.decode(
        token,
        KEYS.get_signing_key_from_jwt(token),  # by its kid
        algorithms=["ES256"],
        issuer=ISSUER,
        audience=f"urn:cec:{tenant_space_id}",  # a plain verifier expects another audience, and fails here
        options={"require": ["iss", "aud", "sub", "name", "jti", "iat", "exp"], "strict_aud": True},
    )


def verdict(token: str, tenant_space_id: str) -> str:
    """What went wrong is told by its class alone: a message may repeat what a stranger has written."""
    try:
        claims = verify(token, tenant_space_id)
        return f"good: {claims['sub']} {claims['name']}"
    except jwt.PyJWKClientConnectionError:
        return "unchecked: the keys cannot be fetched"
    except jwt.PyJWTError as fault:
        return f"refused: {type(fault).__name__}"


for line in sys.stdin:
    print(verdict(line.strip(), sys.argv[1]), flush=True)
