//! One run at a time is at work on a manifest, from its first look to its last write.

use expect_test::expect;

use crate::SECRET;
use crate::support::{Sandbox, absolute};

const MANIFEST: &str = r#"iss = "exai"
key = "dotenv:.env#K"
previous = "dotenv:.env#K_PREVIOUS"

[[token]]
sub = "a"
to = ["file:a.jwt"]

[[token]]
sub = "b"
to = ["file:b.jwt"]
"#;

fn room() -> Sandbox {
    Sandbox::default()
        .file("mcpjwt.toml", MANIFEST)
        .file(".env", format!("K={SECRET}\n"))
}

#[test]
fn what_writes_is_under_one_lock_and_what_looks_under_none() {
    let lines = [
        "sync",
        "issue --all",
        "add c --to file:c.jwt",
        "remove b --yes",
        "rotate-secret",
        "rotate-secret --reissue",
        "rotate-secret --now --yes --reissue",
    ];
    for line in lines {
        let mut room = room();
        for (options, holds) in [(" --dry-run", 0), ("", 1)] {
            let shown = room.run_raw(&format!("mcpjwt {line}{options}"));
            assert_eq!(shown.code, 0, "{line}{options}: {}", shown.stderr);
            assert_eq!(room.files.holds, holds, "{line}{options}");
            assert_eq!(room.files.alone, [""; 0].map(absolute), "{line}{options}");
        }
        let mut busy = self::room();
        busy.files.busy = true;
        let before = busy.files.files.clone();
        let shown = busy.run_raw(&format!("mcpjwt {line}"));
        assert_eq!(shown.code, 4, "{line}: {}", shown.stderr);
        assert_eq!(busy.files.files, before, "{line}");
    }
}

#[test]
fn a_manifest_that_was_changed_by_the_run_before_is_read_again() {
    let added = MANIFEST.to_owned() + "\n[[token]]\nsub = \"c\"\nto = [\"file:c.jwt\"]\n";
    for line in ["sync", "issue --all", "rotate-secret --reissue"] {
        let mut room = room();
        room.files.awaited = Some((absolute("mcpjwt.toml"), added.clone().into()));
        let shown = room.run_raw(&format!("mcpjwt {line}"));
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
        assert!(room.text("c.jwt").is_some(), "{line}");
    }
    let mut room = room();
    room.files.awaited = Some((absolute("mcpjwt.toml"), added.into()));
    expect![[r#"
        note: another mcpjwt is at work on `~/project/mcpjwt.toml`; waiting for it
        added places to `c` in `~/project/mcpjwt.toml`
        wrote 2 places with 1 new token, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
    "#]]
    .assert_eq(&room.run_raw("mcpjwt add c --to file:d.jwt").stderr);
    assert!(
        room.text("mcpjwt.toml")
            .unwrap()
            .contains("\"file:c.jwt\", \"file:d.jwt\"")
    );
}

#[test]
fn a_key_that_was_rotated_while_somebody_was_asked_is_not_the_one_agreed_to() {
    let mut room = room().terminal(80).answer("y");
    let other = format!("K={}\n", crate::OTHER);
    room.files.awaited = Some((absolute(".env"), other.clone().into()));
    let shown = room.run_raw("mcpjwt rotate-secret --now");
    assert_eq!(shown.code, 4, "{}", shown.stderr);
    assert!(shown.stderr.contains("another run has changed the keys"));
    assert_eq!(room.text(".env"), Some(other));
}

#[test]
fn what_is_removed_is_decided_under_the_lock() {
    let added = MANIFEST.to_owned() + "\n[[token]]\nsub = \"c\"\nto = [\"file:c.jwt\"]\n";
    let mut room = room();
    room.files.awaited = Some((absolute("mcpjwt.toml"), added.clone().into()));
    let shown = room.run_raw("mcpjwt remove b --yes");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let text = room.text("mcpjwt.toml").unwrap();
    assert!(text.contains("\"c\"") && !text.contains("\"b\""), "{text}");

    let moved = MANIFEST.replace("file:b.jwt", "file:d.jwt");
    let mut room = self::room().terminal(80);
    for line in ["sync", "issue -q --sub b --to file:d.jwt"] {
        assert_eq!(room.run_raw(&format!("mcpjwt {line}")).code, 0, "{line}");
    }
    room.set_answers(&["y"]);
    room.files.awaited = Some((absolute("mcpjwt.toml"), moved.clone().into()));
    let shown = room.run_raw("mcpjwt remove b");
    assert_eq!(shown.code, 4, "{}", shown.stderr);
    let why = "another run has changed the places of `b` meanwhile";
    assert!(shown.stderr.contains(why), "{}", shown.stderr);
    assert_eq!(room.text("mcpjwt.toml"), Some(moved));
    assert!(room.text("d.jwt").is_some() && room.text("b.jwt").is_some());
}

/// A rotation that went by would not know of the token that comes after it.
#[test]
fn places_are_refreshed_under_the_lock_where_the_manifests_key_signs() {
    #[rustfmt::skip]
    let cases = [
        ("refresh --all",                               1),
        ("refresh file:a.jwt",                          1),
        ("refresh --all --dry-run",                     0),
        ("refresh file:a.jwt --key dotenv:.env#K",      0),
    ];
    for (line, holds) in cases {
        let mut room = room();
        assert_eq!(room.run_raw("mcpjwt sync").code, 0);
        room.files.holds = 0;
        let shown = room.run_raw(&format!("mcpjwt {line}"));
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
        assert_eq!(room.files.holds, holds, "{line}");
        room.files.busy = true;
        let shown = room.run_raw(&format!("mcpjwt {line}"));
        assert_eq!(shown.code == 4, holds == 1, "{line}: {}", shown.stderr);
    }
}

/// Nor of one that comes into a place of the manifest by itself, whoever signed it.
#[test]
fn a_place_of_the_manifest_is_written_and_emptied_under_the_lock() {
    const ENTRY: &str = r#"{"mcpServers": {"x": {"url": "https://a.example"}}}"#;
    #[rustfmt::skip]
    let cases = [
        // line                                                            holds
        ("issue --sub c --to file:c.jwt",                                  1),
        ("issue --sub a --to file:c.jwt --key dotenv:other.env#K",         0),
        ("issue --sub a --to file:a.jwt --key dotenv:other.env#K",         1),
        ("issue --sub a --to dotenv:sub/../.env#T --key dotenv:other.env#K", 0),
        ("issue --sub a --to cursor:project/x --key dotenv:other.env#K",   1),
        ("issue --sub a --to file:a.jwt --dry-run",                        0),
        ("issue --sub a",                                                  0),
        ("issue --sub a --to file:a.jwt --no-manifest --key dotenv:.env#K", 0),
        ("install file:o.jwt --to file:a.jwt",                             1),
        ("install file:o.jwt --to file:c.jwt",                             0),
        ("install file:o.jwt --to mcp:.cursor/mcp.json#x",                 1),
        ("install file:o.jwt --to cursor/x --mode env",                    1),
        ("install file:a.jwt --to file:c.jwt",                             1),
        ("install file:a.jwt --to file:b.jwt",                             1),
        ("install file:o.jwt --to file:a.jwt --dry-run",                   0),
        ("uninstall file:a.jwt",                                           1),
        ("uninstall file:o.jwt",                                           0),
        ("uninstall --sub a",                                              1),
        ("uninstall --sub o",                                              0),
        ("uninstall --all --yes",                                          1),
        ("uninstall --all --yes --dry-run",                                0),
    ];
    for (line, holds) in cases {
        let more = "\n[[token]]\nsub = \"x\"\nto = [\"cursor:project/x\"]\n";
        let mut room = room()
            .file("mcpjwt.toml", MANIFEST.to_owned() + more)
            .file(".cursor/mcp.json", ENTRY)
            .file("other.env", format!("K={}\n", crate::OTHER));
        for first in [
            "trust --yes",
            "sync",
            "issue --sub o --to file:o.jwt --key dotenv:other.env#K",
        ] {
            let shown = room.run_raw(&format!("mcpjwt {first}"));
            assert_eq!(shown.code, 0, "{first}: {}", shown.stderr);
        }
        room.files.holds = 0;
        let before = room.files.files.clone();
        room.files.busy = true;
        let shown = room.run_raw(&format!("mcpjwt {line}"));
        assert_eq!(shown.code == 4, holds == 1, "{line}: {}", shown.stderr);
        if holds == 1 {
            let why = "another mcpjwt is at work on";
            assert!(shown.stderr.contains(why), "{line}: {}", shown.stderr);
            assert_eq!(room.files.files, before, "{line}");
        }
        room.files.files = before;
        room.files.busy = false;
        room.files.alone.clear();
        let shown = room.run_raw(&format!("mcpjwt {line}"));
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
        assert_eq!(room.files.holds, holds, "{line}");
        assert_eq!(
            room.files.alone.is_empty(),
            holds == 1 || line.contains("dry"),
            "{line}"
        );
    }
}

#[test]
fn what_was_agreed_to_be_uninstalled_is_what_goes() {
    let mut room = room().terminal(80);
    assert_eq!(room.run_raw("mcpjwt sync").code, 0);
    room.set_answers(&["y"]);
    let token = room.text("b.jwt").unwrap();
    room.files.awaited = Some((absolute("a.jwt"), b"theirs".to_vec()));
    let shown = room.run_raw("mcpjwt uninstall --all");
    assert_eq!(shown.code, 4, "{}", shown.stderr);
    let why = "another run has changed these places meanwhile";
    assert!(shown.stderr.contains(why), "{}", shown.stderr);
    assert_eq!(room.text("b.jwt"), Some(token));
}

#[test]
fn a_token_starts_from_the_manifest_that_a_run_before_has_written() {
    let other = MANIFEST.replace("\"exai\"", "\"other\"");
    let mut room = room();
    room.files.awaited = Some((absolute("mcpjwt.toml"), other.into()));
    let shown = room.run_raw("mcpjwt issue --sub a --to file:a.jwt");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let shown = room.run_raw("mcpjwt decode file:a.jwt");
    assert!(shown.stdout.contains("other"), "{}", shown.stdout);
}
