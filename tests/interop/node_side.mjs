// npm jose and jsonwebtoken as judges of our tokens and as makers of theirs.
//
//     node node_side.mjs LIBRARY algs|judge|mint
//
// What goes in and comes out is written down in python_side.py. MCPJWT_TEST_NODE_MODULES
// names the node_modules folder.
import crypto from "node:crypto";
import { readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

globalThis.crypto ??= crypto.webcrypto; // Node 18

const require = createRequire(process.env.MCPJWT_TEST_NODE_MODULES + "/");
const jose = await import(pathToFileURL(require.resolve("jose")));
const jsonwebtoken = require("jsonwebtoken");

const HASHED = ["HS", "RS", "PS", "ES"].flatMap((kind) => ["256", "384", "512"].map((bits) => kind + bits));
const CURVES = { ES256: "P-256", ES384: "P-384", ES512: "P-521" };

// A new key of the kind an algorithm takes; for HS* a text.
function privateKey(alg) {
  if (alg in CURVES) return crypto.generateKeyPairSync("ec", { namedCurve: CURVES[alg] });
  if (/^[RP]S/.test(alg)) return crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
  if (/^Ed/.test(alg)) return crypto.generateKeyPairSync("ed25519");
  return crypto.randomBytes(96).toString("base64");
}

// The texts that mcpjwt is given to judge by.
function texts(key, form) {
  if (typeof key === "string") {
    if (form === "jwk") return { "oct.jwk": JSON.stringify({ kty: "oct", k: Buffer.from(key).toString("base64url") }) };
    return { "secret.txt": key, "secret-newline.txt": key + "\n" };
  }
  const type = form === "traditional" ? { rsa: "pkcs1", ec: "sec1" }[key.privateKey.asymmetricKeyType] : undefined;
  const jwk = { ...key.publicKey.export({ format: "jwk" }), kid: "theirs" };
  return {
    "public.pem": key.publicKey.export({ format: "pem", type: "spki" }),
    "public.jwk": JSON.stringify(jwk),
    "public.jwks": JSON.stringify({ keys: [jwk] }),
    "private.pem": key.privateKey.export({ format: "pem", type: type ?? "pkcs8" }),
    "private.jwk": JSON.stringify({ ...key.privateKey.export({ format: "jwk" }), kid: "theirs" }),
  };
}

const libraries = {
  jose: {
    algs: [...HASHED, "EdDSA", "Ed25519"],
    async key(alg, form, value) {
      if (form === "jwk") return jose.importJWK(JSON.parse(value), alg);
      if (form === "pem") return jose.importSPKI(value, alg);
      return new TextEncoder().encode(value);
    },
    async judge(key, alg, issuer, audience, token) {
      return (await jose.jwtVerify(token, key, { algorithms: [alg], issuer, audience })).payload;
    },
    async mint(key, alg, claims) {
      const signing = typeof key === "string" ? new TextEncoder().encode(key) : key.privateKey;
      return new jose.SignJWT(claims).setProtectedHeader({ alg, kid: "theirs", typ: "JWT" }).sign(signing);
    },
  },
  jsonwebtoken: {
    algs: HASHED,
    async key(alg, form, value) {
      if (form !== "jwk") return value;
      const jwk = JSON.parse(value);
      if (jwk.kty === "oct") return Buffer.from(jwk.k, "base64url");
      return crypto.createPublicKey({ key: jwk, format: "jwk" });
    },
    judge: async (key, alg, issuer, audience, token) =>
      jsonwebtoken.verify(token, key, { algorithms: [alg], issuer, audience }),
    mint: async (key, algorithm, claims) =>
      jsonwebtoken.sign(claims, typeof key === "string" ? key : key.privateKey, { algorithm, keyid: "theirs", noTimestamp: true }),
  },
};

async function judge(library, asked) {
  const keys = {};
  for (const [name, k] of Object.entries(asked.keys))
    keys[name] = [await library.key(k.alg, k.form, k.value), k.alg, k.iss, k.aud];
  const answers = [];
  for (const [name, token, wanted] of asked.rows) {
    try {
      const claims = await library.judge(...keys[name], token);
      answers.push([true, wanted ? claims : null]);
    } catch (why) {
      answers.push([false, why.code ?? why.name]);
    }
  }
  return answers.map((answer) => JSON.stringify(answer) + "\n").join("");
}

async function mint(library, asked) {
  const made = [];
  for (const { alg, form, claims } of asked.jobs) {
    const key = privateKey(alg);
    const tokens = [];
    for (const one of claims) tokens.push(await library.mint(key, alg, one));
    made.push({ alg, public: texts(key, form), tokens });
  }
  return JSON.stringify(made);
}

const [name, verb] = process.argv.slice(2);
const library = libraries[name];
const asked = verb === "algs" ? null : JSON.parse(readFileSync(0, "utf8"));
const out = Buffer.from(verb === "algs" ? JSON.stringify(library.algs) : await { judge, mint }[verb](library, asked));
for (let at = 0; at < out.length; ) at += writeSync(1, out, at);
