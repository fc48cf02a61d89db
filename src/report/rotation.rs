//! What a server needs to check tokens of two keys, as lines to copy. `tests/rotation` runs
//! them as they are printed.

use super::escape;
use crate::json::Json;
use crate::key::{Algorithm, Kind};

/// What a verifier demands, and where it finds its keys.
#[derive(Debug)]
pub struct Verifier<'v> {
    /// The algorithms of the keys, each once, all of one kind.
    pub algs: &'v [Algorithm],
    /// The variables of secrets, that of the current one first.
    pub variables: &'v [String],
    /// The issuer.
    pub iss: Option<&'v str>,
    /// The audience.
    pub aud: Option<&'v str>,
}

impl Verifier<'_> {
    /// The name of each library, and its lines.
    pub fn snippets(&self) -> Vec<(&'static str, String)> {
        let is_secret = self.algs.iter().all(|alg| alg.kind() == Kind::Secret);
        let names = if is_secret { SECRETS } else { PAIRS };
        let algs: Vec<String> = self.algs.iter().map(|alg| quoted(alg.name())).collect();
        let algs = algs.join(", ");
        let several = if is_secret {
            SEVERAL_SECRETS
        } else {
            SEVERAL_PAIRS
        };
        let variables: Vec<String> = self.variables.iter().map(|name| quoted(name)).collect();
        let process: Vec<String> = self
            .variables
            .iter()
            .map(|name| format!("process.env.{name}"))
            .collect();
        let python = self.demands([", issuer=", ", audience="]);
        let node = self.demands([", issuer: ", ", audience: "]);
        let fill = |text: &str| {
            text.replace("@ALGS", &algs)
                .replace("@NAMES", &variables.join(", "))
                .replace("@ENV", &process.join(", "))
                .replace("@PYTHON", &python)
                .replace("@NODE", &node)
        };
        names
            .iter()
            .map(|(name, text)| match *name {
                // Each of its verifiers takes one algorithm.
                "FastMCP" if self.algs.len() > 1 => (*name, fill(several)),
                _ => (*name, fill(text)),
            })
            .collect()
    }

    /// Issuer and audience as arguments; a JSON string is one of Python and of JavaScript too.
    fn demands(&self, names: [&str; 2]) -> String {
        let given = |value: Option<&str>, name: &str| {
            value.map_or_else(String::new, |value| format!("{name}{}", Json::from(value)))
        };
        let [iss, aud] = names;
        escape(&(given(self.iss, iss) + &given(self.aud, aud)))
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// That of `FastMCP` for secrets of several algorithms.
const SEVERAL_SECRETS: &str = r#"import os
from fastmcp.server.auth import JWTVerifier, MultiAuth
auth = MultiAuth(verifiers={
    f"{name} {alg}": JWTVerifier(public_key=os.environ[name], algorithm=alg@PYTHON)
    for name in (@NAMES) if os.environ.get(name)
    for alg in (@ALGS)
})
"#;

/// That of `FastMCP` for key pairs of several algorithms.
const SEVERAL_PAIRS: &str = r#"from fastmcp.server.auth import JWTVerifier, MultiAuth
auth = MultiAuth(verifiers={
    alg: JWTVerifier(jwks_uri="https://YOUR-HOST/jwks.json", algorithm=alg@PYTHON)
    for alg in (@ALGS)
})
"#;

/// For secrets; one that is empty or missing is no key.
const SECRETS: &[(&str, &str)] = &[
    (
        "PyJWT",
        r#"import os, jwt
def check(token):
    for name in (@NAMES):
        if key := os.environ.get(name):
            try:
                return jwt.decode(token, key, [@ALGS]@PYTHON, options={"require": ["exp"]})
            except jwt.InvalidSignatureError:
                pass
    raise jwt.InvalidSignatureError
"#,
    ),
    (
        "FastMCP",
        r#"import os
from fastmcp.server.auth import JWTVerifier, MultiAuth
auth = MultiAuth(verifiers={
    name: JWTVerifier(public_key=os.environ[name], algorithm=@ALGS@PYTHON)
    for name in (@NAMES) if os.environ.get(name)
})
"#,
    ),
    (
        "jsonwebtoken",
        r#"import jwt from "jsonwebtoken"
function check(token) {
  for (const key of [@ENV].filter(Boolean))
    try { return jwt.verify(token, key, { algorithms: [@ALGS]@NODE }) }
    catch (error) { if (error.message !== "invalid signature") throw error }
  throw new Error("invalid signature")
}
"#,
    ),
];

/// For key pairs: a JWK Set holds as many as there are.
const PAIRS: &[(&str, &str)] = &[
    (
        "PyJWT",
        r#"import jwt
keys = jwt.PyJWKClient("https://YOUR-HOST/jwks.json")
def check(token):
    key = keys.get_signing_key_from_jwt(token)
    return jwt.decode(token, key, [@ALGS]@PYTHON, options={"require": ["exp"]})
"#,
    ),
    (
        "FastMCP",
        r#"from fastmcp.server.auth import JWTVerifier
auth = JWTVerifier(jwks_uri="https://YOUR-HOST/jwks.json", algorithm=@ALGS@PYTHON)
"#,
    ),
    (
        "jose",
        r#"import { createRemoteJWKSet, jwtVerify } from "jose"
const keys = createRemoteJWKSet(new URL("https://YOUR-HOST/jwks.json"))
const check = token => jwtVerify(token, keys, { algorithms: [@ALGS]@NODE })
"#,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_to_fill_in_but_the_host() {
        let alone = Algorithm::ALL.iter().map(|alg| vec![*alg]);
        let two = [
            vec![Algorithm::HS256, Algorithm::HS512],
            vec![Algorithm::ES256, Algorithm::EdDSA],
        ];
        for algs in alone.chain(two) {
            for (iss, aud) in [(None, None), (Some("a \"b\""), Some("c"))] {
                let verifier = Verifier {
                    algs: &algs,
                    variables: &["ONE".to_owned(), "TWO".to_owned()],
                    iss,
                    aud,
                };
                let snippets = verifier.snippets();
                assert_eq!(snippets.len(), 3);
                for (name, text) in snippets {
                    assert!(
                        !text.contains('@') && text.ends_with('\n'),
                        "{name}: {text}"
                    );
                    for alg in &algs {
                        let named = format!("\"{}\"", alg.name());
                        assert!(text.contains(&named), "{name}: {text}");
                    }
                    assert_eq!(
                        text.contains(r#""a \"b\"""#),
                        iss.is_some(),
                        "{name}: {text}"
                    );
                    let most = 108 + 12 * algs.len();
                    assert!(text.lines().all(|line| line.len() < most), "{name}: {text}");
                }
            }
        }
    }
}
