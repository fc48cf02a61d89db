"""PyJWT and joserfc as judges of our tokens and as makers of theirs.

    python_side.py LIBRARY algs
    python_side.py LIBRARY judge   < {"keys": {..}, "rows": [..]}   > one answer a line
    python_side.py LIBRARY mint    < {"jobs": [..]}                 > one document

The Node side, node_side.mjs, speaks the same. A key is
{"alg", "iss", "aud", "form": "text"|"pem"|"jwk", "value"}; a row is
[key id, token, whether the claims are wanted]; an answer is [accepted, claims or why not].
A job is {"alg", "form", "claims": [..]} and is answered by
{"alg", "private", "public": {name: text}, "tokens": [..]}.
"""

import json
import secrets
import sys
import warnings

import joserfc.errors
import joserfc.jwk
import joserfc.jwt
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from joserfc.jws import JWSRegistry

warnings.simplefilter("ignore")

CURVES = {"ES256": ec.SECP256R1, "ES384": ec.SECP384R1, "ES512": ec.SECP521R1}
ALGS = (
    "HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split()
)


def private_key(alg):
    """A new key of the kind an algorithm takes; for HS* a text."""
    if alg in CURVES:
        return ec.generate_private_key(CURVES[alg]())
    if alg[:2] in ("RS", "PS"):
        return rsa.generate_private_key(65537, 2048)
    if alg[:2] == "Ed":
        return ed25519.Ed25519PrivateKey.generate()
    return secrets.token_urlsafe(96)


def texts(key, alg, form):
    """The private and the public texts of a key: what mcpjwt is given."""
    if isinstance(key, str):
        if form == "jwk":
            value = json.dumps(joserfc.jwk.OctKey.import_key(key).as_dict())
            return value, {"oct.jwk": value}
        return key, {"secret.txt": key, "secret-newline.txt": key + "\n"}
    traditional = form == "traditional" and alg[:2] != "Ed"
    private = key.private_bytes(
        Encoding.PEM,
        PrivateFormat.TraditionalOpenSSL if traditional else PrivateFormat.PKCS8,
        NoEncryption(),
    ).decode()
    public = key.public_key()
    spki = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    jwk = joserfc.jwk.import_key(spki, key_type(alg)).as_dict()
    jwk["kid"] = "theirs"
    found = {
        "public.pem": spki,
        "public.jwk": json.dumps(jwk),
        "public.jwks": json.dumps({"keys": [jwk]}),
        "private.pem": private,
    }
    if alg[:2] in ("RS", "PS"):
        found["pkcs1.pem"] = public.public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
    return private, found


def key_type(alg):
    return {"HS": "oct", "ES": "EC", "Ed": "OKP"}.get(alg[:2], "RSA")


class PyJwt:
    def algs(self):
        return [a for a in ALGS if a in jwt.algorithms.get_default_algorithms()]

    def key(self, alg, form, value):
        if form == "jwk":
            return jwt.PyJWK(json.loads(value), algorithm=alg)
        return value

    def judge(self, key, alg, iss, aud, token):
        return jwt.decode(token, key, algorithms=[alg], issuer=iss, audience=aud)

    def mint(self, private, alg, claims):
        return jwt.encode(claims, private, algorithm=alg, headers={"kid": "theirs"})

    refusals = (jwt.PyJWTError,)


class JoseRfc:
    def algs(self):
        return [a for a in ALGS if a in JWSRegistry.algorithms]

    def key(self, alg, form, value):
        if form == "jwk":
            return joserfc.jwk.import_key(json.loads(value))
        return joserfc.jwk.import_key(value, key_type(alg))

    def judge(self, key, alg, iss, aud, token):
        claims = joserfc.jwt.decode(token, key, algorithms=[alg]).claims
        joserfc.jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": iss}, aud={"essential": True, "value": aud}
        ).validate(claims)
        return claims

    def mint(self, private, alg, claims):
        key = joserfc.jwk.import_key(private, key_type(alg))
        return joserfc.jwt.encode({"alg": alg, "kid": "theirs"}, claims, key, algorithms=[alg])

    refusals = (joserfc.errors.JoseError, ValueError)


def judge(library, asked, out):
    keys = {
        name: (library.key(k["alg"], k["form"], k["value"]), k["alg"], k["iss"], k["aud"])
        for name, k in asked["keys"].items()
    }
    for name, token, wanted in asked["rows"]:
        try:
            claims = library.judge(*keys[name], token)
            answer = [True, claims if wanted else None]
        except library.refusals as why:
            answer = [False, type(why).__name__]
        except Exception as why:  # a crash of theirs is a refusal of theirs, and is shown
            answer = [False, "crash: " + type(why).__name__]
        out.write(json.dumps(answer) + "\n")


def mint(library, asked, out):
    made = []
    for job in asked["jobs"]:
        key = private_key(job["alg"])
        private, public = texts(key, job["alg"], job["form"])
        signing = key if isinstance(key, str) else private
        if isinstance(library, PyJwt) and not isinstance(key, str):
            signing = load_pem_private_key(private.encode(), None)
        tokens = [library.mint(signing, job["alg"], claims) for claims in job["claims"]]
        made.append({"alg": job["alg"], "public": public, "tokens": tokens})
    json.dump(made, out)


def main():
    library = {"pyjwt": PyJwt, "joserfc": JoseRfc}[sys.argv[1]]()
    verb = sys.argv[2]
    if verb == "algs":
        json.dump(library.algs(), sys.stdout)
    else:
        {"judge": judge, "mint": mint}[verb](library, json.load(sys.stdin), sys.stdout)


main()
