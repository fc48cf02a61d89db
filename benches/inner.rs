//! The inner steps of minting, judging and editing, each alone: `cargo bench --bench inner`.

#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]

use divan::{Bencher, black_box};
use mcpjwt::json::Json;
use mcpjwt::key::{Algorithm, Key, KeySet, Signer, Verifier};
use mcpjwt::place::tree::{Change, Format, Make};
use mcpjwt::secret::Secret;
use mcpjwt::token::{self, Columns, Form, Judge, Press, Rules, Stencil, Template, Times};

const NOW: i64 = 1_763_784_000;
const RUN: &str = "d70d3259e4e1cb631c663cf4d73c4c04-";
const SUB: &str = "client123456@example.com";
const SECRET: &str = "8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d";

fn main() {
    divan::main();
}

fn template() -> Template {
    Template {
        typ: "JWT".to_owned(),
        iss: "exai-mcp-server".to_owned(),
        sub: SUB.to_owned(),
        aud: vec!["exai-mcp-client".to_owned()],
        times: Times::of(NOW, None, NOW + 86_400),
        jti: None,
        scope: None,
        kind: None,
        rest: Vec::new(),
    }
}

fn key(alg: Algorithm) -> Key {
    let text = match alg {
        Algorithm::RS256 => include_str!("../tests/keys/rsa2048.pkcs8.pem"),
        Algorithm::ES256 => include_str!("../tests/keys/p256.pkcs8.pem"),
        Algorithm::EdDSA => include_str!("../tests/keys/ed25519.pkcs8.pem"),
        _ => SECRET,
    };
    let set = KeySet::read(&Secret::from(text), None).unwrap();
    set.keys.into_iter().next().unwrap()
}

const ALGORITHMS: [Algorithm; 4] = [
    Algorithm::HS256,
    Algorithm::EdDSA,
    Algorithm::ES256,
    Algorithm::RS256,
];

fn header(alg: Algorithm) -> Json {
    Json::object([
        ("alg", alg.name().into()),
        ("typ", "JWT".into()),
        ("kid", "UOuPGLMbqgKiRQGz".into()),
    ])
}

// The claims of a token as text.

#[divan::bench]
fn claims_of_a_subject(bencher: Bencher) {
    let stencil = Stencil::new(&template(), RUN);
    let mut text = String::new();
    bencher.bench_local(|| stencil.write(black_box(SUB), 123_456, &mut text));
}

#[divan::bench]
fn claims_of_a_template(bencher: Bencher) {
    let (template, mut text) = (template(), String::new());
    bencher.bench_local(|| template.write(black_box(RUN), &mut text));
}

#[divan::bench]
fn order_of_csv(bencher: Bencher) {
    let columns = Columns::read("sub,role,quota").unwrap();
    let (base, row) = (template(), format!("{SUB},developer,100"));
    bencher.bench_local(|| token::ordered(black_box(&row), Form::Csv, Some(&columns), &base));
}

#[divan::bench]
fn order_of_json(bencher: Bencher) {
    let base = template();
    let line = format!(r#"{{"sub":"{SUB}","role":"developer","quota":100}}"#);
    bencher.bench_local(|| token::ordered(black_box(&line), Form::Jsonl, None, &base));
}

/// A token of claims that are there: base64url and the signature.
#[divan::bench(args = ALGORITHMS)]
fn press(bencher: Bencher, alg: Algorithm) {
    let signer = Signer::new(&key(alg), alg).unwrap();
    let press = Press::new(&header(alg));
    let claims = template().claims(RUN).to_string();
    let mut out = Vec::new();
    bencher.bench_local(|| {
        out.clear();
        press.sign(black_box(&claims), &signer, &mut out)
    });
}

/// The signature alone.
#[divan::bench(args = ALGORITHMS)]
fn sign(bencher: Bencher, alg: Algorithm) {
    let signer = Signer::new(&key(alg), alg).unwrap();
    bencher.bench_local(|| signer.sign(black_box(&[b'a'; 300])));
}

/// The same, looked at.
#[divan::bench(args = ALGORITHMS)]
fn check(bencher: Bencher, alg: Algorithm) {
    let key = key(alg);
    let signature = Signer::new(&key, alg).unwrap().sign(&[b'a'; 300]).unwrap();
    let verifier = Verifier::new(&key, alg).unwrap();
    bencher.bench_local(|| verifier.verify(black_box(&[b'a'; 300]), &signature));
}

// A token taken apart and judged.

fn one() -> Secret {
    let alg = Algorithm::HS256;
    let signer = Signer::new(&key(alg), alg).unwrap();
    token::sign(&header(alg), &template().claims(RUN), &signer).unwrap()
}

#[divan::bench]
fn verify_parse(bencher: Bencher) {
    let text = one();
    bencher.bench_local(|| token::parse(black_box(text.expose())).is_ok());
}

#[divan::bench]
fn verify_payload(bencher: Bencher) {
    let payload = template().claims(RUN).to_string();
    bencher.bench_local(|| token::Claims::parse(black_box(payload.as_bytes())).is_ok());
}

#[divan::bench]
fn verify_judge(bencher: Bencher) {
    let text = one();
    let set = KeySet::read(&Secret::from(SECRET), None).unwrap();
    let mut rules = Rules::at(NOW);
    rules.iss.push("exai-mcp-server".to_owned());
    rules.aud.push("exai-mcp-client".to_owned());
    let mut judge = Judge::new(&set, &rules);
    assert_eq!(judge.judge(text.expose()).failures, []);
    bencher.bench_local(|| judge.judge(black_box(text.expose())));
}

// One value changed in a config of fifty servers.

fn change(table: &str) -> [Change; 1] {
    let at = [table, "server25", "env", "TOKEN"].map(str::to_owned);
    [Change::Set {
        at: at.to_vec(),
        value: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln".into(),
        make: Make::Around,
    }]
}

#[divan::bench]
fn edit_jsonc(bencher: Bencher) {
    let server = |number| {
        format!(
            "    // number {number}\n    \"server{number}\": {{\n      \"command\": \"npx\",\n      \
             \"env\": {{ \"TOKEN\": \"old\" }},\n    }},\n"
        )
    };
    let servers: String = (0..50).map(server).collect();
    let text = format!("{{\n  \"mcpServers\": {{\n{servers}  }}\n}}\n");
    let change = change("mcpServers");
    bencher.bench_local(|| Format::Json.apply(black_box(&text), &change).unwrap());
}

#[divan::bench]
fn edit_toml(bencher: Bencher) {
    let server = |number| {
        format!(
            "# number {number}\n[mcp_servers.server{number}]\ncommand = \"npx\"\n\
             env = {{ TOKEN = \"old\" }}\n\n"
        )
    };
    let text: String = (0..50).map(server).collect();
    let change = change("mcp_servers");
    bencher.bench_local(|| Format::Toml.apply(black_box(&text), &change).unwrap());
}
