use super::*;
use proptest::prelude::*;

fn known(name: &str) -> bool {
    matches!(name, "vscode" | "claude-code")
}

fn said(text: &str) -> String {
    match parse(text, known) {
        Ok(place) => format!("{place:?}"),
        Err(error) => format!("{error} | {}", error.hint.as_deref().unwrap_or("")),
    }
}

#[test]
fn places_are_read_and_written() {
    let dotenv = |path: &str, name: &str| Place::Dotenv {
        path: path.into(),
        name: name.into(),
    };
    let json = |path: &str, at: &str| Place::Json {
        path: path.into(),
        pointer: at.into(),
    };
    let toml = |path: &str, key: &str| Place::Toml {
        path: path.into(),
        key: key.into(),
    };
    let entry = |client: &str, scope, server: &str| Place::Entry {
        client: client.into(),
        scope,
        server: server.into(),
    };
    let keyring = |service: &str, account: &str| Place::Keyring {
        service: service.into(),
        account: account.into(),
    };
    #[rustfmt::skip]
    let cases = [
        ("-",                          Place::Std),
        ("env:JWT_SECRET",             Place::Env("JWT_SECRET".into())),
        ("cmd:pass show jwt # mine",   Place::Command("pass show jwt # mine".into())),
        ("file:/run/secrets/jwt",      Place::File("/run/secrets/jwt".into())),
        ("file:C:\\keys\\jwt.pem",     Place::File("C:\\keys\\jwt.pem".into())),
        ("file:a%23b",                 Place::File("a#b".into())),
        ("file:100%",                  Place::File("100%".into())),
        ("file:%41%2",                 Place::File("%41%2".into())),
        ("file:a%2523b%2525",          Place::File("a%23b%25".into())),
        ("dotenv:.env#JWT_SECRET",     dotenv(".env", "JWT_SECRET")),
        ("dotenv:~/a b/.env#_x9",      dotenv("~/a b/.env", "_x9")),
        ("json:C:\\x.json#/a/b",       json("C:\\x.json", "/a/b")),
        ("json:a.json#",               json("a.json", "")),
        ("json:a.json#/a#b/~0~1/",     json("a.json", "/a#b/~0~1/")),
        ("toml:c.toml#a.\"b.c\".d-e",  toml("c.toml", "a.\"b.c\".d-e")),
        ("keyring:mcpjwt/default",     keyring("mcpjwt", "default")),
        ("mcp:~/a.json#my/server#1",   Place::Mcp { path: "~/a.json".into(), server: "my/server#1".into() }),
        ("vscode/exai",                entry("vscode", None, "exai")),
        ("claude-code:local/a/b:c",    entry("claude-code", Some(Scope::Local), "a/b:c")),
        ("vscode:user/exai",           entry("vscode", Some(Scope::User), "exai")),
        ("keyring:a/b/c#d",            keyring("a", "b/c#d")),
    ];
    for (text, want) in cases {
        assert_eq!(parse(text, known).ok(), Some(want.clone()), "{text}");
        assert_eq!(want.to_string(), text);
        assert!(is_place(text, known), "{text}");
    }
}

#[test]
fn what_is_wrong_with_a_place_is_said() {
    #[rustfmt::skip]
    let cases = [
        ("env:",             "this `env:` place cannot be read: it names no variable | write `env:NAME`"),
        ("env:A=b",          "this `env:` place cannot be read: a variable's name holds no `=` | write `env:NAME`"),
        ("cmd: ",            "this `cmd:` place cannot be read: it names no command | write `cmd:COMMAND`"),
        ("file:",            "this `file:` place cannot be read: it names no file | write `file:PATH`"),
        ("file:a\0b",        "this `file:` place cannot be read: it holds a NUL | write `file:PATH`"),
        ("file:a#b",         "this `file:` place cannot be read: it is a whole file and takes no `#` (one in its name is written `%23`) | write `file:PATH`"),
        ("dotenv:.env",      "this `dotenv:` place cannot be read: it names no variable after a `#` | write `dotenv:PATH#NAME`"),
        ("dotenv:#A",        "this `dotenv:` place cannot be read: it names no file | write `dotenv:PATH#NAME`"),
        ("dotenv:.env#9A",   "this `dotenv:` place cannot be read: a variable's name has letters, digits and `_`, and no digit first | write `dotenv:PATH#NAME`"),
        ("json:a.json",      "this `json:` place cannot be read: it has no JSON pointer after a `#` | write `json:PATH#/json/pointer`"),
        ("json:a.json#a/b",  "this `json:` place cannot be read: a JSON pointer starts with `/` | write `json:PATH#/json/pointer`"),
        ("json:a.json#/a~2", "this `json:` place cannot be read: in a JSON pointer `~` is written `~0` and `/` is written `~1` | write `json:PATH#/json/pointer`"),
        ("toml:a.toml#",     "this `toml:` place cannot be read: it has no key after a `#` | write `toml:PATH#dotted.key`"),
        ("toml:a.toml#a..b", "this `toml:` place cannot be read: its key is not a dotted TOML key | write `toml:PATH#dotted.key`"),
        ("keyring:mcpjwt",   "this `keyring:` place cannot be read: it names no account after a `/` | write `keyring:SERVICE/ACCOUNT`"),
        ("keyring:/a",       "this `keyring:` place cannot be read: its service is empty | write `keyring:SERVICE/ACCOUNT`"),
        ("keyring:a/",       "this `keyring:` place cannot be read: its account is empty | write `keyring:SERVICE/ACCOUNT`"),
        ("mcp:a.json",       "this `mcp:` place cannot be read: it names no server after a `#` | write `mcp:PATH#SERVER`"),
        ("vscode:exai",      "this place of `vscode` cannot be read: it names no server after a `/` | write `vscode[:SCOPE]/SERVER`"),
        ("vscode:all/exai",  "this place of `vscode` cannot be read: a scope is `user`, `project` or `local` | write `vscode[:SCOPE]/SERVER`"),
        ("vscode/",          "this place of `vscode` cannot be read: it names no server after the `/` | write `vscode[:SCOPE]/SERVER`"),
        ("~/jwt.key",        "a text of 9 characters is not a place | if it is a file, write `file:` in front of it"),
    ];
    for (text, want) in cases {
        assert_eq!(said(text), want, "{text}");
    }
}

#[test]
fn what_is_no_place_is_not_repeated() {
    #[rustfmt::skip]
    let cases = ["", "hunter2", "eyJhbGciOiJIUzI1NiJ9.e30.x", "s3cret:value", "C:\\keys\\x", "ENV:X", "vs/exai", "vscode", ":"];
    for text in cases {
        assert!(!is_place(text, known), "{text}");
        let said = said(text);
        assert!(
            said.contains("is not a place | a place is written `env:NAME`, "),
            "{said}"
        );
        assert!(text.len() < 2 || !said.contains(text), "{said}");
    }
    for text in [
        "dotenv:hunter2",
        "json:a#hunter2",
        "toml:a#..hunter2",
        "env:a=hunter2",
    ] {
        assert!(!said(text).contains("hunter2"), "{text}");
    }
}

#[test]
fn paths_are_written_as_short_as_they_mean_the_same() {
    let home = Some(Path::new("/home/me"));
    #[rustfmt::skip]
    let cases = [
        ("/home/me/exai/.env",     home, ".env"),
        ("/home/me/exai/a/.env",   home, "a/.env"),
        ("/home/me/.config/x",     home, "~/.config/x"),
        ("/home/me/exai2/x",       home, "~/exai2/x"),
        ("/home/me/exai/~/x",      home, "~/exai/~/x"),
        ("/home/me/exai/~/x",      None, "/home/me/exai/~/x"),
        ("/home/me/exai",          home, "~/exai"),
        ("/home/me",               home, "/home/me"),
        ("/etc/x",                 home, "/etc/x"),
    ];
    let base = Path::new("/home/me/exai");
    for (path, home, want) in cases {
        let got = contract(Path::new(path), base, home).unwrap();
        assert_eq!(got, want);
        assert_eq!(expand(&got, base, home).unwrap(), Path::new(path));
    }
}

#[test]
fn paths_are_made_whole() {
    let base = Path::new("/home/me/exai");
    let home = Some(Path::new("/home/ann"));
    #[rustfmt::skip]
    let cases = [
        (".env",         home, Some("/home/me/exai/.env")),
        ("./a/../.env",  home, Some("/home/me/exai/a/../.env")),
        ("/etc/x",       None, Some("/etc/x")),
        ("~/.config/x",  home, Some("/home/ann/.config/x")),
        ("~//etc/x",     home, Some("/home/ann/etc/x")),
        ("~/x",          None, None),
        ("~bob/x",       home, Some("/home/me/exai/~bob/x")),
        ("$HOME/x",      home, Some("/home/me/exai/$HOME/x")),
    ];
    for (path, home, want) in cases {
        let got = expand(path, base, home).ok();
        assert_eq!(
            got.as_deref().map(Path::as_os_str),
            want.map(AsRef::as_ref),
            "{path}"
        );
    }
}

proptest! {
    #[test]
    fn paths_survive(path in "[a-c/#%235 ]{1,12}") {
        let place = Place::File(path);
        prop_assert_eq!(parse(&place.to_string(), known).ok(), Some(place));
    }

    #[test]
    fn nothing_panics(scheme in "(env|cmd|file|dotenv|json|toml|keyring|mcp|x|vscode)?[:/]?", rest in any::<String>()) {
        if let Ok(place) = parse(&format!("{scheme}{rest}"), known) {
            prop_assert_eq!(parse(&place.to_string(), known).ok(), Some(place));
        }
    }
}
