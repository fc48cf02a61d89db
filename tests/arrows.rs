//! Which module may name which: the arrows of the architecture, read out of the source.
//!
//! Pure modules touch nothing, `host` knows nothing of the domain, and nothing points back.
#![expect(clippy::unwrap_used, reason = "a broken test may panic")]
#![expect(
    clippy::disallowed_methods,
    reason = "the source of the program is what is tested"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each module of the crate, and the ones it may name besides itself.
const ARROWS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("secret", &[]),
    ("json", &["error"]),
    ("time", &["error", "secret"]),
    ("place", &["error", "secret", "json"]),
    ("client", &["error", "json", "place"]),
    ("key", &["error", "secret", "json", "time"]),
    ("token", &["error", "secret", "json", "time", "key"]),
    (
        "state",
        &["error", "secret", "json", "time", "client", "key", "token"],
    ),
    ("lint", &["json", "time", "token"]),
    (
        "report",
        &[
            "error", "secret", "json", "time", "place", "client", "key", "token", "state", "plan",
            "lint",
        ],
    ),
    (
        "manifest",
        &[
            "error", "secret", "json", "time", "place", "client", "key", "token",
        ],
    ),
    (
        "plan",
        &[
            "error", "secret", "json", "time", "place", "client", "key", "token", "state",
            "manifest",
        ],
    ),
    ("host", &["error", "secret"]),
    (
        "session",
        &[
            "error", "secret", "json", "time", "place", "client", "key", "token", "state",
            "manifest", "plan", "report", "host",
        ],
    ),
    (
        "commands",
        &[
            "error", "secret", "json", "time", "place", "client", "key", "token", "state",
            "manifest", "plan", "report", "host", "session", "lint",
        ],
    ),
];

/// Each library of the program, and the modules that may name it.
const CRATES: &[(&str, &[&str])] = &[
    ("anyhow", &["error", "host"]),
    // In host and state only for digests: of the name of a lock, of a manifest.
    ("aws_lc_rs", &["key", "host", "state"]),
    ("base64", &["key", "token"]),
    ("chrono", &["time", "host"]),
    ("clap", &["commands"]),
    ("clap_complete", &["commands"]),
    ("clap_complete_nushell", &["commands"]),
    ("clap_mangen", &["commands"]),
    ("comfy_table", &["report"]),
    ("der", &["key"]),
    ("etcetera", &["host"]),
    ("hex", &["key", "session", "state"]),
    ("jsonc_parser", &["place"]),
    ("jsonwebtoken", &["key"]),
    ("keyring", &["host"]),
    ("keyring_core", &["host"]),
    ("memchr", &["session", "token", "commands"]),
    ("pem_rfc7468", &["key"]),
    ("pkcs1", &["key"]),
    ("pkcs8", &["key"]),
    ("rand", &["host"]),
    ("rpassword", &["host"]),
    ("rustix", &["host"]),
    ("rustls", &["host"]),
    ("sec1", &["key"]),
    ("serde", &["state"]),
    ("serde_json", &["state"]),
    ("subtle", &["secret"]),
    ("tempfile", &["host"]),
    ("toml_edit", &["place", "manifest"]),
    ("ureq", &["host"]),
    ("webpki_roots", &["host"]),
    ("x509_cert", &["key"]),
    ("zeroize", &["secret", "key"]),
];

#[test]
fn no_module_names_one_above_it() {
    let mut bad = Vec::new();
    for (file, text) in sources() {
        bad.extend(wrong_arrows(&file, &text));
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn each_library_is_named_where_it_belongs() {
    let mut bad = Vec::new();
    for (file, text) in sources() {
        bad.extend(wrong_crates(&file, &text));
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn differences_between_systems_stay_in_host() {
    let mut bad = Vec::new();
    for (file, text) in sources() {
        bad.extend(wrong_cfgs(&file, &text));
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn the_tables_know_every_module_and_every_library() {
    let modules: BTreeSet<String> = sources()
        .iter()
        .map(|(file, _)| home(file))
        .filter(|home| !matches!(home.as_str(), "lib" | "main"))
        .collect();
    let known: BTreeSet<String> = ARROWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(modules, known);
    let manifest = std::fs::read_to_string("Cargo.toml").unwrap();
    for name in dependencies(&manifest) {
        assert!(
            CRATES.iter().any(|(known, _)| *known == name),
            "no module may name `{name}` yet: add it to the table"
        );
    }
}

#[test]
fn a_planted_arrow_is_found() {
    #[rustfmt::skip]
    let cases = [
        // file                    text                                            found
        ("time.rs",                "use crate::host::Facts;",                      1),
        ("time.rs",                "use crate::error::Error;",                     0),
        ("key/one.rs",             "use crate::{error::Error, token};",            1),
        ("key/one.rs",             "use crate::{error::{Code, Error}, json};",     0),
        ("key/one.rs",             "use super::super::session;",                   1),
        ("key/one.rs",             "use super::session;",                          0),
        ("key/mod.rs",             "use super::session::Session;",                 1),
        ("token/deep/a.rs",        "fn f(x: super::super::super::host::Host) {}",  1),
        ("host/files/mod.rs",      "let a = crate::report::escape(b);",            1),
        ("report/table.rs",        "// crate::session is a word here",             0),
        ("report/table.rs",        "/* crate::session */ let a = \"crate::host::\";", 0),
        ("report/table.rs",        "let a = r#\"\" crate::host::\"#; let b = '\"';", 0),
        ("report/table.rs",        "pub(crate) fn f<'a>(a: &'a crate::host::Os) {}", 1),
        ("time.rs",                "mod tests {\n    use super::super::host;\n}",  1),
        ("time.rs",                "mod tests {\n    use super::host;\n}",         0),
        ("error.rs",               "use mcpjwt::json::Json;",                      1),
    ];
    for (file, text, want) in cases {
        let found = wrong_arrows(Path::new(file), text);
        assert_eq!(found.len(), want, "{file}: {text}: {found:?}");
    }
}

#[test]
fn a_planted_library_or_condition_is_found() {
    #[rustfmt::skip]
    let cases = [
        ("time.rs",      "use rand::rng;",                          1, 0),
        ("host/a.rs",    "use rand::rng;",                          0, 0),
        ("report/a.rs",  "#[derive(clap::Args)] struct A;",         1, 0),
        ("report/a.rs",  "use self::rand::x; let a = key::rand::y;", 0, 0),
        ("key/tests/a.rs", "use serde_json::Value;",                0, 0),
        ("key/a.rs",     "mod tests {\n    use serde_json::Value;\n}", 0, 0),
        ("key/a.rs",     "#[cfg(unix)] fn f() {}",                  0, 1),
        ("key/a.rs",     "#[cfg(test)] mod tests;",                 0, 0),
        ("key/a.rs",     "if cfg!(windows) {}",                     0, 1),
        ("key/a.rs",     "#[cfg_attr(unix, allow(x))] fn f() {}",   0, 1),
        ("host/a.rs",    "#[cfg(unix)] fn f() {}",                  0, 0),
    ];
    for (file, text, crates, cfgs) in cases {
        let file = Path::new(file);
        assert_eq!(wrong_crates(file, text).len(), crates, "{text}");
        assert_eq!(wrong_cfgs(file, text).len(), cfgs, "{text}");
    }
}

fn wrong_arrows(file: &Path, text: &str) -> Vec<String> {
    let home = home(file);
    if matches!(home.as_str(), "lib" | "main") {
        return Vec::new();
    }
    let allowed = ARROWS.iter().find(|(name, _)| *name == home);
    let allowed = allowed.map_or(&[][..], |(_, names)| names);
    named_modules(file, text)
        .into_iter()
        .filter(|name| *name != home && !allowed.contains(&name.as_str()))
        .map(|name| format!("src/{}: {home} -> {name}", file.display()))
        .collect()
}

fn wrong_crates(file: &Path, text: &str) -> Vec<String> {
    let home = home(file);
    if file.components().any(|part| {
        let part = part.as_os_str();
        part == "tests" || part == "tests.rs"
    }) {
        return Vec::new();
    }
    let mut bad = Vec::new();
    for (words, inside) in blocks(text) {
        if inside > 0 {
            continue;
        }
        for at in 0..words.len() {
            let begins = at == 0 || words[at - 1] != "::";
            if !begins || words.get(at + 1).map(String::as_str) != Some("::") {
                continue;
            }
            let known = CRATES.iter().find(|(name, _)| *name == words[at]);
            if known.is_some_and(|(_, homes)| !homes.contains(&home.as_str())) {
                bad.push(format!(
                    "src/{}: {home} names {}",
                    file.display(),
                    words[at]
                ));
            }
        }
    }
    bad
}

fn wrong_cfgs(file: &Path, text: &str) -> Vec<String> {
    if home(file) == "host" {
        return Vec::new();
    }
    let words = words(text);
    let condition = |at: &usize| matches!(words[*at].as_str(), "cfg" | "cfg_attr");
    let of_tests = |at: &usize| {
        words[*at] == "cfg"
            && words.get(at + 1..at + 4) == Some(&["(", "test", ")"].map(str::to_owned)[..])
    };
    (0..words.len())
        .filter(condition)
        .filter(|at| !of_tests(at))
        .map(|_| format!("src/{}: a condition outside of host", file.display()))
        .collect()
}

/// The modules of the crate that a file names by `crate::`, `super::` or `mcpjwt::`.
fn named_modules(file: &Path, text: &str) -> Vec<String> {
    let own = module(file);
    let mut names = Vec::new();
    for (words, inside) in blocks(text) {
        let mut at = 0;
        while at < words.len() {
            let mut base: Option<usize> = None;
            let continued = at > 0 && words[at - 1] == "::";
            if !continued && matches!(words[at].as_str(), "crate" | "mcpjwt") {
                base = Some(0);
            } else if !continued && words[at] == "super" {
                let mut up = 1;
                while words.get(at + 1..at + 3) == Some(&["::", "super"].map(str::to_owned)[..]) {
                    up += 1;
                    at += 2;
                }
                base = (own.len() + inside).checked_sub(up);
            }
            at += 1;
            if base != Some(0) || words.get(at).map(String::as_str) != Some("::") {
                continue;
            }
            names.extend(heads(&words[at + 1..]));
        }
    }
    names.retain(|name| ARROWS.iter().any(|(known, _)| known == name));
    names
}

/// The first names of what follows a path: one, or those of a list in braces.
fn heads(words: &[String]) -> Vec<String> {
    match words.first().map(String::as_str) {
        Some("{") => {}
        Some(name) => return vec![name.to_owned()],
        None => return Vec::new(),
    }
    let mut depth = 0;
    let mut names = Vec::new();
    let mut first = true;
    for word in words {
        match word.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," if depth == 1 => first = true,
            name if depth == 1 && first => {
                names.push(name.to_owned());
                first = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

/// The words of a file, in pieces: each with how many modules written out inside the file are
/// around it. Source is formatted, so such a module begins and ends at the start of a line.
fn blocks(text: &str) -> Vec<(Vec<String>, usize)> {
    let mut pieces = vec![(String::new(), 0)];
    for line in bare(text).lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if line.starts_with(char::is_alphabetic) && words.contains(&"mod") && line.ends_with('{') {
            pieces.push((String::new(), 1));
        } else if line == "}" && pieces.last().is_some_and(|(_, inside)| *inside > 0) {
            pieces.push((String::new(), 0));
        }
        let piece = &mut pieces.last_mut().unwrap().0;
        piece.push_str(line);
        piece.push('\n');
    }
    pieces
        .into_iter()
        .map(|(text, inside)| (words(&text), inside))
        .collect()
}

/// Names, `::` and single other characters, without comments and texts.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut joined = false;
    let bare = bare(text);
    let mut chars = bare.chars().peekable();
    while let Some(c) = chars.next() {
        let of_name = c.is_alphanumeric() || c == '_';
        if of_name && joined {
            words.last_mut().unwrap().push(c);
        } else if c == ':' && chars.peek() == Some(&':') {
            chars.next();
            words.push("::".to_owned());
        } else if !c.is_whitespace() {
            words.push(c.to_string());
        }
        joined = of_name;
    }
    words
}

/// The source without what is in comments, texts and characters.
fn bare(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let raw = rest
            .strip_prefix('r')
            .filter(|_| !out.ends_with(|c: char| c.is_alphanumeric() || c == '_'));
        let hashes = raw.map_or(0, |raw| raw.len() - raw.trim_start_matches('#').len());
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if raw.is_some_and(|raw| raw[hashes..].starts_with('"')) {
            let end = format!("\"{}", "#".repeat(hashes));
            let from = hashes + 2;
            rest[from..]
                .find(&end)
                .map_or(rest.len(), |at| from + at + end.len())
        } else if c == '"' {
            quoted(rest)
        } else if c == '\'' {
            character(rest)
        } else {
            0
        };
        if skipped == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            out.extend(rest[..skipped].chars().filter(|c| *c == '\n'));
            out.push(' ');
            rest = &rest[skipped..];
        }
    }
    // Only whole lines tell where a module ends.
    out.lines()
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect()
}

/// The length of a text in quotes.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a character in quotes; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => text[2..].find('\'').map_or(0, |at| {
            let quote = usize::from(text[2..].starts_with('\''));
            2 + at + quote + 1
        }),
        Some(_) => match chars.next() {
            Some((at, '\'')) => at + 1,
            _ => 0,
        },
        None => 0,
    }
}

/// The module a file is, from the root of the crate.
fn module(file: &Path) -> Vec<String> {
    let mut parts: Vec<String> = file
        .with_extension("")
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts
}

/// The module right below the root that a file belongs to.
fn home(file: &Path) -> String {
    module(file).first().cloned().unwrap_or_default()
}

/// Every source file, by its path below `src`.
fn sources() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix("src").unwrap().to_owned(), text));
            }
        }
    }
    assert!(files.len() > 50, "only {} source files", files.len());
    files
}

/// The libraries of the program, as source names them.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut of_program = false;
    for line in manifest.lines() {
        if let Some(section) = line.strip_prefix('[') {
            of_program = section.ends_with("dependencies]") && !section.starts_with("dev-");
        } else if let (true, Some((name, _))) = (of_program, line.split_once(" = ")) {
            names.push(name.replace('-', "_"));
        }
    }
    assert!(names.len() > 20, "{names:?}");
    names
}
