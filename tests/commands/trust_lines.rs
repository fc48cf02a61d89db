//! One hostile line at a time: nothing comes of it before `mcpjwt trust`, and nothing after it that
//! was not shown.

use std::path::Path;

use crate::SECRET;
use crate::support::{Sandbox, absolute};

/// Each alone, in a manifest whose rest is harmless: nothing else keeps a command from it.
#[rustfmt::skip]
const HOSTILE: &[(&str, &str, &str)] = &[
    // key lines                         places                                         what it is told
    ("key = \"cmd:evil\"",               "",                                            "`key` runs a command"),
    ("previous = \"cmd:evil\"",          "",                                            "`previous` runs a command"),
    ("previous = \"keyring:a/b\"",       "",                                            "`previous` uses the keyring"),
    ("next = \"file:../n\"",             "",                                            "`next` uses a file outside"),
    ("revoked = \"file:../r\"",          "",                                            "`revoked` uses a file outside"),
    ("jwks = \"file:link/j\"",           "",                                            "`jwks` uses a file outside"),
    ("git = \"allow\"",                  "",                                            "puts tokens into files that git keeps"),
    ("name = \"../x\"",                  "",                                            "other characters than letters"),
    ("name = \"\\u001b[31m\"",           "",                                            "other characters than letters"),
    ("",                                 "\"file:/home/me/.bashrc\"",                    "uses a file outside"),
    ("",                                 "\"file:../t\"",                                "uses a file outside"),
    ("",                                 "\"toml:gone/../../x.toml#a\"",                 "uses a file outside"),
    ("",                                 "\"json:link/x.json#/a\"",                      "uses a file outside"),
    ("",                                 "\"file:../\\u001b]0;a\\u0007\"",               "uses a file outside"),
    ("",                                 "\"keyring:a/b\"",                              "uses the keyring"),
    ("",                                 "{ client = \"claude-code\", scope = \"user\", server = \"x\", url = \"https://evil.example\" }", "config of a client"),
    ("",                                 "{ place = \"mcp:.mcp.json#x\", command = [\"sh\", \"-c\", \"evil\"] }", "config of a client"),
];

/// The manifest with such a line.
fn manifest((head, place, _): &(&str, &str, &str)) -> String {
    let unless = |name: &str, line: &str| {
        let line = if head.starts_with(name) { "" } else { line };
        line.to_owned()
    };
    let key = unless("key", "key = \"file:k\"");
    let previous = unless("previous", "previous = \"file:p\"");
    format!("{key}\n{previous}\n{head}\n[[token]]\nsub = \"a\"\nto = [\"file:t\", {place}]\n")
}

fn room(text: &str) -> Sandbox {
    let mut room = crate::with_key()
        .file("mcpjwt.toml", text)
        .file(".mcp.json", "{}\n")
        .file("/home/me/r", "")
        .file("/etc/x.json", "{}")
        .link("link", "/etc")
        .command("evil", SECRET);
    room.files.folders.insert("/home/me/gone".into());
    room
}

/// What it says has no letter that moves a cursor.
fn said(room: &mut Sandbox, line: &str) -> (u8, String) {
    let shown = room.run_raw(&format!("mcpjwt {line}"));
    let said = shown.stdout + &shown.stderr;
    let moves = |letter: char| letter.is_control() && letter != '\n';
    assert!(!said.contains(moves), "{line}: {said:?}");
    (shown.code, said)
}

/// Nothing was started, nothing asked of a keyring or another machine, nothing read or written
/// where the manifest may not. Where every client has its config we look on our own.
fn untouched(room: &Sandbox, (before, about): (&Sandbox, &str)) {
    assert!(room.children.calls.is_empty(), "{about}");
    assert!(room.network.calls.is_empty(), "{about}");
    assert_eq!(room.keyring.asked, 0, "{about}");
    let hostile = [
        "/home/me/n",
        "/home/me/r",
        "/home/me/t",
        "/home/me/x.toml",
        "/home/me/.bashrc",
        "/etc/j",
        "/etc/x.json",
        "/home/me/\u{1b}]0;a\u{7}",
    ];
    for path in hostile {
        assert!(
            !room.files.reads.contains(Path::new(path)),
            "{about}: {path}"
        );
    }
    let ours = |path: &Path| {
        let config = absolute(".mcp.json");
        (path.starts_with(absolute("")) && path != config)
            || path.starts_with(absolute("~/.local/state/mcpjwt"))
    };
    let rest = |room: &Sandbox| {
        let files = room.files.files.iter().filter(|(path, _)| !ours(path));
        files
            .map(|(path, entry)| (path.clone(), entry.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(rest(room), rest(before), "{about}");
}

#[test]
fn no_command_that_writes_does_any_of_it_before() {
    for case in HOSTILE {
        let (text, (_, place, want)) = (manifest(case), *case);
        for line in [
            "sync",
            "sync --dry-run",
            "sync --renew",
            "issue --all",
            "rotate-secret --reissue",
            "rotate-secret --now --yes --reissue",
            "remove a --yes",
            "add x --to file:ok",
        ] {
            let about = format!("{line}: {text}");
            // No token is put into a place by `remove`, and `add` is about the places that it is
            // told: the rest of the manifest stays as it is, and refused.
            let uses = match line.split(' ').next() {
                Some("add") => place.is_empty(),
                Some("remove") => {
                    !place.is_empty() || ["revoked", "name"].iter().any(|it| case.0.starts_with(it))
                }
                _ => true,
            };
            let mut room = room(&text);
            let (code, said) = said(&mut room, line);
            untouched(&room, (&self::room(&text), &about));
            if uses {
                assert_eq!(code, 4, "{about}: {said}");
                assert!(said.contains(want), "{about}: {said}");
                assert_eq!(room.files.files, self::room(&text).files.files, "{about}");
            } else {
                assert_eq!(code, 0, "{about}: {said}");
                assert_eq!(
                    room.text("~/.local/state/mcpjwt/trust.json"),
                    None,
                    "{about}"
                );
            }
        }
    }
}

#[test]
fn no_other_command_does_any_of_it_before() {
    for case in HOSTILE {
        let text = manifest(case);
        let token = crate::token(&mut crate::with_key(), "");
        for line in [
            "refresh --all",
            "refresh file:t",
            "headers a",
            "headers a --format token",
            "exec a -- true",
            "revoke --sub a",
            "revoke --list",
            "revoke file:t",
            "lint",
            "doctor",
            "status",
            "status --scan",
            "clients",
            "expiry",
            "secret list",
            "secret export",
            "secret prune --yes",
            "jwks",
            "log",
            "log --stats",
            "sync --check",
            "verify TOKEN",
            "issue --sub b",
        ] {
            let about = format!("{line}: {text}");
            let mut room = room(&text);
            let (code, _) = said(&mut room, &line.replace("TOKEN", &token));
            let is_ours = code <= 4 || (line.starts_with("exec") && code >= 125);
            assert!(is_ours, "{about}: {code}");
            untouched(&room, (&self::room(&text), &about));
        }
    }
}

#[test]
fn all_that_comes_of_it_after_was_shown() {
    for case in HOSTILE
        .iter()
        .filter(|(head, ..)| !head.starts_with("name"))
    {
        let text = manifest(case);
        let mut room = room(&text);
        let (code, shown) = said(&mut room, "trust --yes");
        assert_eq!(code, 0, "{text}: {shown}");
        let all = text.split('"').skip(1).step_by(2);
        let words = all.map(|word| {
            word.replace("\\u001b", "\\u{1b}")
                .replace("\\u0007", "\\u{7}")
        });
        for word in words.filter(|word| !["a", "user"].contains(&word.as_str())) {
            assert!(shown.contains(&word), "{text}: `{word}` not in {shown}");
        }
        let before = room.files.files.clone();
        for line in [
            "sync",
            "rotate-secret --reissue",
            "remove a --yes",
            "revoke --sub b",
        ] {
            said(&mut room, line);
        }
        for (path, entry) in &room.files.files {
            let path = path.display().to_string();
            let ours = ["/home/me/.local/", "/home/me/project/"];
            let client = path == "/home/me/.claude.json" && shown.contains("claude-code:user/x");
            if before.get(Path::new(&path)) != Some(entry)
                && !ours.iter().any(|folder| path.starts_with(folder))
            {
                let path = path.replace('\u{1b}', "\\u{1b}").replace('\u{7}', "\\u{7}");
                assert!(
                    client || shown.contains(&path),
                    "{text}: {path} not in {shown}"
                );
            }
        }
        let calls = room.children.calls.iter();
        assert!(
            calls.map(|(call, _)| call).all(|call| shown.contains(call)),
            "{text}"
        );

        let mut room = self::room(&text);
        said(&mut room, "trust --yes");
        room.put_file("mcpjwt.toml", format!("{text}# more\n"), 0o600);
        let (before, line) = (room.files.files.clone(), "sync");
        let (code, shown) = said(&mut room, line);
        assert_eq!(code, 4, "{text}: {shown}");
        assert!(
            shown.contains("has changed since it was trusted"),
            "{text}: {shown}"
        );
        assert_eq!(room.files.files, before, "{text}");
    }
}

/// The text of the manifest is the same, so a digest of it notices nothing.
#[test]
fn a_link_that_leads_elsewhere_since_is_not_followed() {
    #[rustfmt::skip]
    let cases = [
        // place                                                                             link       where it leads
        ("\"file:inside/t\"",                                                                "inside",  "/etc/t"),
        ("\"file:t\"",                                                                       "t",       "/etc"),
        ("\"mcp:inside/x.json#s\"",                                                          "inside",  "/etc/x.json"),
        ("{ client = \"cursor\", scope = \"project\", server = \"s\", url = \"https://a.example\" }", ".cursor", "/etc/mcp.json"),
        ("{ client = \"cursor\", server = \"s\", url = \"https://a.example\" }",             ".cursor", "/etc/mcp.json"),
    ];
    for (place, link, leads) in cases {
        let text = format!(
            "key = \"file:k\"\nprevious = \"keyring:a/b\"\n[[token]]\nsub = \"a\"\nto = [{place}]\n"
        );
        let entry = "{\"mcpServers\":{\"s\":{\"url\":\"https://a.example\"}}}\n";
        let mut room = crate::with_key()
            .file("mcpjwt.toml", &text)
            .file("/etc/mcp.json", entry)
            .file("/etc/x.json", entry);
        let (code, shown) = said(&mut room, "trust --yes");
        assert_eq!(code, 0, "{place}: {shown}");
        let mut room = room.link(link, "/etc");
        let before = room.files.files.clone();
        let refused = |room: &mut Sandbox| {
            let (code, shown) = said(room, "sync");
            assert_eq!(code, 4, "{place}: {shown}");
            let why = "was trusted while this led elsewhere";
            assert!(shown.contains(why), "{place}: {shown}");
        };
        refused(&mut room);
        assert_eq!(room.files.files, before, "{place}");
        // An edit of ours keeps the trust, and no more than that.
        let (code, shown) = said(&mut room, "add z --to file:z --dry-run");
        assert_eq!(code, 0, "{place}: {shown}");
        said(&mut room, "add z --to file:z");
        refused(&mut room);
        let (_, shown) = said(&mut room, "trust");
        assert!(shown.contains(&format!("({leads})")), "{place}: {shown}");
        assert!(shown.contains("nobody can be asked"), "{place}: {shown}");
        if leads != "/etc" {
            said(&mut room, "trust --yes");
            let (code, shown) = said(&mut room, "sync");
            assert_eq!(code, 0, "{place}: {shown}");
            assert_ne!(room.text(leads).as_deref(), Some(entry), "{place}");
        }
    }
}
