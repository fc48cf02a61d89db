//! The real case of `tests/fixtures/exai` from its first minute on: by the real program, judged
//! by the library of its server.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test starts programs and reads what they wrote"
)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const PLACES: [[&str; 3]; 3] = [
    [
        "vscode1@exai-mcp.local",
        "dotenv:.env#EXAI_JWT_TOKEN_VSCODE1",
        "json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN",
    ],
    [
        "vscode2@exai-mcp.local",
        "dotenv:.env#EXAI_JWT_TOKEN_VSCODE2",
        "json:config/daemon/mcp-config.augmentcode.vscode2.json#/mcpServers/EXAI-WS-VSCode2/env/EXAI_JWT_TOKEN",
    ],
    [
        "claude@exai-mcp.local",
        "dotenv:.env#EXAI_JWT_TOKEN_CLAUDE",
        "json:config/daemon/mcp-config.claude.json#/mcpServers/EXAI-WS/env/EXAI_JWT_TOKEN",
    ],
];
const INIT: &str = "init --yes --key dotenv:.env.docker#JWT_SECRET_KEY --iss exai-mcp-server --aud exai-mcp-client --ttl 90d";
const VSCODE2: usize = 1;
const CONFIG_OF_VSCODE2: &str = "config/daemon/mcp-config.augmentcode.vscode2.json";
const SUBJECTS: [&str; 3] = [PLACES[0][0], PLACES[1][0], PLACES[2][0]];

/// The texts of the project's files by their path below it.
type Texts = BTreeMap<String, String>;

/// The project in a folder of its own, and our home beside it.
struct Room(TempDir);

/// What one run said, standard error last, and its exit code.
struct Said(String, i32);

impl Room {
    fn new() -> Self {
        let room = Self(tempfile::tempdir().unwrap());
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/exai");
        for (name, text) in texts(&fixture) {
            let path = room.0.path().join("exai").join(&name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
        }
        room.mode(0o600);
        room
    }

    fn mode(&self, mode: u32) {
        for name in self.texts().keys() {
            let path = self.0.path().join("exai").join(name);
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
    }

    fn texts(&self) -> Texts {
        texts(&self.0.path().join("exai"))
    }

    fn run(&self, line: &str) -> Said {
        let done = Command::new(env!("CARGO_BIN_EXE_mcpjwt"))
            .args(line.split(' '))
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("MCPJWT_HOME", self.0.path().join("home"))
            .current_dir(self.0.path().join("exai"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8(done.stdout).unwrap() + &String::from_utf8_lossy(&done.stderr);
        Said(said, done.status.code().unwrap())
    }

    fn good(&self, line: &str) -> String {
        let Said(said, code) = self.run(line);
        assert_eq!(code, 0, "{line}: {said}");
        said
    }

    /// The three tokens in `.env`, which are also those in the configs.
    fn tokens(&self) -> Vec<String> {
        let texts = self.texts();
        let (_, tokens) = apart(&texts[".env"]);
        for (token, config) in tokens.iter().zip([
            "config/daemon/mcp-config.augmentcode.vscode1.json",
            CONFIG_OF_VSCODE2,
            "config/daemon/mcp-config.claude.json",
        ]) {
            assert_eq!(apart(&texts[config]).1, [token.as_str()], "{config}");
        }
        tokens
    }

    /// A value of `.env.docker`.
    fn value(&self, name: &str) -> String {
        let texts = self.texts();
        let mut lines = texts[".env.docker"].lines();
        let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        value.unwrap().to_owned()
    }
}

fn texts(folder: &Path) -> Texts {
    let mut found = Texts::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().display().to_string();
            found.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
    found
}

/// A text without its tokens, and these.
fn apart(text: &str) -> (String, Vec<String>) {
    let (mut rest, mut bare, mut tokens) = (text, String::new(), Vec::new());
    while let Some(start) = rest.find("eyJ") {
        bare.push_str(&rest[..start]);
        bare.push_str("TOKEN");
        rest = &rest[start..];
        let inside = |letter: char| letter.is_ascii_alphanumeric() || "-_.=".contains(letter);
        let end = rest.find(|letter| !inside(letter)).unwrap_or(rest.len());
        tokens.push(rest[..end].to_owned());
        rest = &rest[end..];
    }
    (bare + rest, tokens)
}

/// How many tokens differ; whatever is around them must not, and no file may come or go.
fn changed(before: &Texts, after: &Texts) -> usize {
    assert!(before.keys().eq(after.keys()), "{:?}", after.keys());
    let mut count = 0;
    for (name, text) in before {
        let (bare, tokens) = apart(text);
        let (bare_after, tokens_after) = apart(&after[name]);
        assert_eq!(bare, bare_after, "{name}");
        let pairs = tokens.iter().zip(&tokens_after);
        count += pairs.filter(|(token, after)| token != after).count();
    }
    count
}

/// The server: keys in the order in which it tries them, a line for each token.
const SERVER: &str = r#"
import sys, jwt
keys, tokens = sys.argv[1].split(","), sys.argv[2:]
rules = {"issuer": "exai-mcp-server", "audience": "exai-mcp-client", "options": {"require": ["exp", "iat"]}}
for token in tokens:
    for key in keys:
        try:
            said = jwt.decode(token, key, ["HS256"], **rules)["sub"]
        except jwt.InvalidSignatureError as error:
            said = type(error).__name__
            continue
        except jwt.PyJWTError as error:
            said = type(error).__name__
        break
    print(said)
"#;

fn pyjwt(keys: &[&str], tokens: &[String]) -> Vec<String> {
    let done = Command::new(std::env::var("MCPJWT_TEST_PYTHON").unwrap())
        .args(["-c", SERVER, &keys.join(",")])
        .args(tokens)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{complaint}");
    let said = String::from_utf8(done.stdout).unwrap();
    said.lines().map(str::to_owned).collect()
}

/// A project as `init` and `sync` leave it.
fn repaired() -> Room {
    let room = Room::new();
    room.good(INIT);
    room.good("sync");
    room
}

#[test]
#[ignore = "needs PyJWT; tests/run"]
fn init_and_sync_repair_all_six_places_and_nothing_else() {
    let room = Room::new();
    let fixture = room.texts();
    let secret = room.value("JWT_SECRET_KEY");
    let (_, published) = apart(&fixture[".env"]);
    assert_eq!(pyjwt(&[&secret], &published), ["ExpiredSignatureError"; 3]);
    let (_, cut) = apart(&fixture[CONFIG_OF_VSCODE2]);
    assert_eq!(pyjwt(&[&secret], &cut), ["DecodeError"]);

    room.good(INIT);
    let mut after = room.texts();
    let manifest = after.remove("mcpjwt.toml").unwrap();
    assert_eq!(after, fixture);
    for place in PLACES.as_flattened() {
        let count = manifest.matches(&format!("\"{place}\"")).count();
        assert_eq!(count, 1, "{place}: {manifest}");
    }
    assert_eq!(manifest.matches("[[token]]").count(), 3, "{manifest}");

    assert_eq!(room.run("sync --check").1, 1);
    room.good("sync --dry-run");
    after.insert("mcpjwt.toml".into(), manifest);
    assert_eq!(room.texts(), after);
    room.good("sync");
    assert_eq!(changed(&after, &room.texts()), 6);
    assert_eq!(pyjwt(&[&secret], &room.tokens()), SUBJECTS);

    let after = room.texts();
    assert_eq!(room.good("sync"), "nothing to do\n");
    assert_eq!(room.texts(), after);
    room.good("sync --check");
    room.good("status");
    // In files as git makes them the tokens are open to others, which `status` says.
    room.mode(0o644);
    let Said(said, code) = room.run("status");
    assert_eq!(code, 1, "{said}");
    assert_eq!(said.matches("others can read it (0644)").count(), 6);
}

#[test]
#[ignore = "needs PyJWT; tests/run"]
fn rotation_leaves_two_keys_for_the_old_tokens_and_one_for_the_new() {
    let room = repaired();
    let (old_texts, old) = (room.texts(), room.tokens());
    let old_secret = room.value("JWT_SECRET_KEY");
    room.good("rotate-secret --reissue");
    let new = room.tokens();
    let secret = room.value("JWT_SECRET_KEY");
    assert_ne!(secret, old_secret);
    assert_eq!(room.value("JWT_SECRET_KEY_PREVIOUS"), old_secret);

    // A line more in the manifest and in `.env.docker`, and values: nothing else.
    let mut texts = room.texts();
    let keys = texts.get_mut(".env.docker").unwrap();
    *keys = keys.replace(&format!("JWT_SECRET_KEY_PREVIOUS={old_secret}\n"), "");
    *keys = keys.replace(&secret, &old_secret);
    let manifest = texts.get_mut("mcpjwt.toml").unwrap();
    let added = |line: &&str| line.starts_with("previous-until = ");
    assert_eq!(manifest.lines().filter(added).count(), 1, "{manifest}");
    let kept = manifest.split_inclusive('\n').filter(|line| !added(line));
    *manifest = kept.collect();
    assert_eq!(changed(&old_texts, &texts), 6);

    let both = [secret.as_str(), old_secret.as_str()];
    assert_eq!(pyjwt(&both, &old), SUBJECTS);
    assert_eq!(pyjwt(&both, &new), SUBJECTS);
    assert_eq!(pyjwt(&[&secret], &new), SUBJECTS);
    assert_eq!(pyjwt(&[&secret], &old), ["InvalidSignatureError"; 3]);
    assert_eq!(pyjwt(&[&old_secret], &new), ["InvalidSignatureError"; 3]);
    assert_eq!(room.good("sync"), "nothing to do\n");
    room.good("status");
}

#[test]
#[ignore = "needs PyJWT; tests/run"]
fn every_token_of_a_revoked_subject_is_refused_and_replaced() {
    let room = repaired();
    let old = room.tokens();
    room.good("rotate-secret --reissue");
    let (before, new) = (room.texts(), room.tokens());
    for token in [&old[VSCODE2], &new[VSCODE2]] {
        room.good(&format!("verify {token}"));
    }
    room.good("revoke --sub vscode2@exai-mcp.local");
    for token in [&old[VSCODE2], &new[VSCODE2]] {
        let Said(said, code) = room.run(&format!("verify {token}"));
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("was revoked"), "{said}");
    }
    for token in [&old[0], &new[0], &old[2], &new[2]] {
        room.good(&format!("verify {token}"));
    }
    assert_eq!(room.run("status").1, 1);

    room.good("sync");
    let after = room.texts();
    assert_eq!(changed(&before, &after), 2);
    let tokens = room.tokens();
    assert_eq!([&tokens[0], &tokens[2]], [&new[0], &new[2]]);
    for place in &PLACES[VSCODE2][1..] {
        let said = room.good(&format!("verify {place}"));
        assert!(said.starts_with("valid: vscode2@exai-mcp.local"), "{said}");
    }
    assert_eq!(room.run(&format!("verify {}", new[VSCODE2])).1, 1);
    let secret = room.value("JWT_SECRET_KEY");
    assert_eq!(pyjwt(&[&secret], &tokens), SUBJECTS);
    assert_eq!(room.good("sync"), "nothing to do\n");
    assert_eq!(room.texts(), after);
    room.good("status");
}
