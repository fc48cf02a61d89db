//! A token that leaked is locked out by what `revoke` says, whatever key it is of.

use expect_test::expect;

use crate::SECRET;
use crate::support::Sandbox;

const TOKENS: &str = "\n[[token]]\nsub = \"a\"\nto = [\"file:a.jwt\"]\n";

fn run(room: &mut Sandbox, line: &str) {
    let shown = room.run_raw(line);
    assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
}

#[test]
fn by_the_keys_of_a_manifest() {
    let mut room = Sandbox::default()
        .file(
            "mcpjwt.toml",
            format!("iss = \"i\"\nkey = \"dotenv:.env#S\"\nprevious = \"dotenv:.env#P\"\n{TOKENS}"),
        )
        .file(".env", format!("S={SECRET}\n"));
    run(&mut room, "mcpjwt sync -q");
    run(&mut room, "mcpjwt install -q file:a.jwt --to file:copy.jwt");
    run(&mut room, "mcpjwt rotate-secret -q");
    let shown = room.run_raw("mcpjwt revoke file:copy.jwt");
    let line = shown.stderr.split('`').find(|part| part.contains(" && "));
    let mut told = String::new();
    for line in line.unwrap_or_default().split(" && ") {
        let shown = room.run_raw(line);
        told.push_str(&format!("$ {line}\n{}", shown.stderr));
    }
    expect![[r#"
        $ mcpjwt revoke --kid=UOuPGLMbqgKiRQGz
        revoked every token of key `UOuPGLMbqgKiRQGz`, in `~/.local/state/mcpjwt/revoked.json`
        nothing is minted with key `UOuPGLMbqgKiRQGz` any more
        a server that does not read that list accepts them until 2025-12-22 04:00:00 +00:00 (in 30 d) at the latest, as far as the ledger knows
        to lock them out there now: `mcpjwt secret prune`, and restart what has read that key
        $ mcpjwt secret prune
        forgot `UOuPGLMbqgKiRQGz`
    "#]].assert_eq(&told);
    let left = room.text(".env").unwrap_or_default();
    assert!(!left.contains(SECRET), "the key that leaked is there");
    assert!(!room.text("mcpjwt.toml").unwrap().contains("previous-until"));
}

#[test]
fn by_what_is_published() {
    let manifest = format!("iss = \"i\"\njwks = \"file:jwks.json\"\n{TOKENS}");
    let mut room = Sandbox::default().file("mcpjwt.toml", manifest);
    run(&mut room, "mcpjwt trust --yes -q");
    run(&mut room, "mcpjwt secret generate -q --alg EdDSA");
    run(&mut room, "mcpjwt sync -q");
    run(&mut room, "mcpjwt rotate-secret -q --reissue");
    let published = |room: &Sandbox| {
        let text = room.text("jwks.json").unwrap_or_default();
        text.matches("\"kid\"").count()
    };
    assert_eq!(published(&room), 2);
    let keys = room.run_raw("mcpjwt secret list --json").stdout;
    let mut kids = keys.split("\"kid\": \"").skip(1);
    let kid = kids.next().and_then(|rest| rest.split('"').next());
    run(
        &mut room,
        &format!("mcpjwt revoke --yes -q --kid={}", kid.unwrap()),
    );
    run(&mut room, "mcpjwt secret prune -q");
    assert_eq!(published(&room), 1);
    run(&mut room, "mcpjwt sync --check");
    let shown = room.run_raw("mcpjwt jwks").stdout;
    assert_eq!(shown.matches("\"kid\"").count(), 1, "{shown}");
}

#[test]
fn by_the_own_store() {
    let mut room = Sandbox::default();
    run(&mut room, "mcpjwt secret generate -q --alg EdDSA");
    run(
        &mut room,
        "mcpjwt issue -q --sub a --ttl 30d --to file:a.jwt",
    );
    run(&mut room, "mcpjwt rotate-secret -q");
    let shown = room.run_raw("mcpjwt revoke file:a.jwt").stderr;
    let kid = shown
        .split("--kid=")
        .nth(1)
        .and_then(|rest| rest.split(' ').next());
    run(
        &mut room,
        &format!("mcpjwt revoke --yes -q --kid={}", kid.unwrap()),
    );
    run(&mut room, "mcpjwt secret prune -q");
    let keys = room.run_raw("mcpjwt secret list --json").stdout;
    assert_eq!(keys.matches("\"kid\"").count(), 1, "{keys}");
}

#[test]
fn by_sync() {
    let mut room = Sandbox::default()
        .file(
            "mcpjwt.toml",
            format!("iss = \"i\"\nkey = \"dotenv:.env#S\"\nprevious = \"dotenv:.env#P\"\n{TOKENS}"),
        )
        .file(".env", format!("S={SECRET}\n"));
    run(&mut room, "mcpjwt sync -q");
    let kid = room.run_raw("mcpjwt secret list --json").stdout;
    let kid = kid
        .split("\"kid\": \"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    run(&mut room, "mcpjwt rotate-secret -q --reissue");
    run(&mut room, &format!("mcpjwt revoke --yes -q --kid {kid}"));
    expect![[r#"
        --- stdout
        TOKEN  GETS     PLACE          WHY
        -      removal  dotenv:.env#P  accepted no longer since 2025-11-22 04:00:00 +00:00 (now)
        --- stderr
        wrote 1 place
        --- .env (0600)
        S=022ab1ba804098e6cb293e6770eb3a95da211e6a663bd37311aabecb86beda3f
        --- mcpjwt.toml (0600)
        iss = "i"
        key = "dotenv:.env#S"
        previous = "dotenv:.env#P"

        [[token]]
        sub = "a"
        to = ["file:a.jwt"]
        --- exit 0
    "#]]
    .assert_eq(&room.run("mcpjwt sync"));
    assert_eq!(room.run_raw("mcpjwt sync --check").code, 0);
}

#[test]
fn a_key_that_comes_back_with_an_old_copy_is_told() {
    let mut room = Sandbox::default()
        .file(
            "mcpjwt.toml",
            format!("iss = \"i\"\nkey = \"dotenv:.env#S\"\n{TOKENS}"),
        )
        .file(".env", format!("S={SECRET}\n"));
    run(&mut room, "mcpjwt rotate-secret -q --now --yes");
    let is_told = |room: &mut Sandbox, line: &str| {
        let shown = room.run_raw(line);
        let told = "key `UOuPGLMbqgKiRQGz` signs, and a rotation took it out of use";
        shown.stderr.contains(told)
    };
    assert!(!is_told(&mut room, "mcpjwt sync"));
    assert!(!is_told(&mut room, "mcpjwt doctor"));
    room.put_file(".env", format!("S={SECRET}\n"), 0o600);
    assert!(is_told(&mut room, "mcpjwt sync"));
    assert!(is_told(&mut room, "mcpjwt issue --sub x"));
    assert!(is_told(&mut room, "mcpjwt doctor"));
    assert_eq!(room.run_raw("mcpjwt doctor").code, 1);
    run(&mut room, "mcpjwt rotate-secret -q --now --yes");
    assert!(!is_told(&mut room, "mcpjwt doctor"));
}

fn kids(room: &mut Sandbox, of: &str) -> Vec<String> {
    let keys = room.run_raw("mcpjwt secret list --json").stdout;
    let keys = keys.split("\"kid\": \"").skip(1);
    let keys = keys.filter(|key| key.contains(&format!("\"state\": \"{of}\"")));
    keys.filter_map(|key| key.split('"').next().map(str::to_owned))
        .collect()
}

#[test]
fn a_staged_key_that_leaked_is_taken_back_and_not_promoted() {
    let mut room = Sandbox::default()
        .file(
            "mcpjwt.toml",
            format!("key = \"dotenv:.env#S\"\nprevious = \"dotenv:.env#P\"\nnext = \"dotenv:.env#N\"\n{TOKENS}"),
        )
        .file(".env", format!("S={SECRET}\n"));
    run(&mut room, "mcpjwt rotate-secret -q --stage");
    let next = kids(&mut room, "next").remove(0);
    let shown = room.run_raw(&format!("mcpjwt revoke --yes --kid={next}"));
    assert!(
        shown.stderr.contains("`mcpjwt rotate-secret --abort`"),
        "{}",
        shown.stderr
    );
    for line in ["mcpjwt rotate-secret", "mcpjwt rotate-secret --now"] {
        let shown = room.run_raw(line);
        assert_eq!(shown.code, 4, "{line}: {}", shown.stderr);
        assert!(shown.stderr.contains("was revoked"), "{}", shown.stderr);
    }
    run(&mut room, "mcpjwt rotate-secret --abort");
    run(&mut room, "mcpjwt rotate-secret");
}

/// A place goes as a whole, so it stays while one of its keys is accepted.
#[test]
fn a_key_beside_the_one_that_leaked_stays() {
    let mut room = Sandbox::default().file(
        "mcpjwt.toml",
        format!("key = \"file:k\"\nprevious = \"file:p.jwks\"\nprevious-until = 2026-01-01T00:00:00Z\n{TOKENS}"),
    );
    let key = |fill: &str| {
        format!(
            "{{\"kty\":\"oct\",\"alg\":\"HS256\",\"kid\":\"{fill}\",\"k\":\"{}\"}}",
            fill.repeat(42) + "A"
        )
    };
    let set = format!("{{\"keys\":[{},{}]}}", key("b"), key("c"));
    let mut room = {
        room.put_file("k", SECRET, 0o600);
        room.put_file("p.jwks", &set, 0o600);
        room
    };
    run(&mut room, "mcpjwt revoke --yes -q --kid=c");
    run(&mut room, "mcpjwt sync -q");
    assert_eq!(room.text("p.jwks").as_ref(), Some(&set));
    run(&mut room, "mcpjwt revoke --yes -q --kid=b");
    run(&mut room, "mcpjwt sync -q");
    assert_eq!(room.text("p.jwks"), None);
}

/// A rotation that finds the key that leaked says how it goes, wherever keys are.
#[test]
fn a_previous_key_that_was_revoked_waits_for_no_date() {
    let set = {
        let mut room = Sandbox::default().seed(9);
        run(&mut room, "mcpjwt secret generate -q");
        room.run_raw("mcpjwt secret export --format jwks").stdout
    };
    let of_set = "key = \"file:k.jwks\"\n";
    let of_slots = "key = \"dotenv:.env#S\"\nprevious = \"dotenv:.env#P\"\n";
    let prune = "take it out with `mcpjwt secret prune`";
    #[rustfmt::skip]
    let cases = [
        // manifest     of the rotation                                      what it says
        ("",            "",                                                   prune),
        (of_set,        "",                                                   prune),
        (of_slots,      "",                                                   prune),
        ("",            " --key file:k.jwks",                                 "take it out of `file:k.jwks` by hand"),
        ("",            " --key dotenv:.env#S --previous dotenv:.env#P",      "take it out of `dotenv:.env#P` by hand"),
    ];
    for (manifest, options, want) in cases {
        let mut room = Sandbox::default()
            .file("mcpjwt.toml", format!("name = \"x\"\n{manifest}"))
            .file("k.jwks", &set)
            .file(".env", format!("S={SECRET}\n"));
        run(&mut room, "mcpjwt trust --yes -q");
        if manifest.is_empty() && options.is_empty() {
            run(&mut room, "mcpjwt secret generate -q");
        }
        let rotate = format!("mcpjwt rotate-secret{options}");
        let shown = room.run_raw(&rotate);
        assert_eq!(shown.code, 0, "{rotate}: {}", shown.stderr);
        let line = shown
            .stderr
            .lines()
            .find(|line| line.contains("is accepted until"));
        let kid = line.and_then(|line| line.split('`').nth(1)).unwrap();
        // While it is accepted, its date is what is waited for.
        let shown = room.run_raw(&rotate);
        assert!(
            shown.stderr.contains("rotate after that date"),
            "{}",
            shown.stderr
        );
        run(&mut room, &format!("mcpjwt revoke --yes -q --kid={kid}"));
        let shown = room.run_raw(&rotate);
        assert_eq!(shown.code, 4, "{}", shown.stderr);
        let told = format!(
            "error: the key before this one, `{kid}`, was revoked, and is there yet\nhint: {want}\n"
        );
        assert_eq!(shown.stderr, told);
        if options.is_empty() {
            run(&mut room, "mcpjwt secret prune --yes");
            run(&mut room, &rotate);
        }
    }
}

#[test]
fn a_store_that_comes_back_with_an_old_copy_is_told() {
    let store = "~/.local/share/mcpjwt/default.jwks";
    let mut room = Sandbox::default();
    run(&mut room, "mcpjwt issue -q --sub a");
    let copy = room.text(store).unwrap();
    run(&mut room, "mcpjwt rotate-secret -q --now --yes");
    let told = "signs, and a rotation took it out of use";
    for is_back in [false, true] {
        if is_back {
            room.put_file(store, &copy, 0o600);
        }
        for line in [
            "issue --sub a",
            "issue --from subs",
            "issue --sub a --to file:t",
        ] {
            room.put_file("subs", "b\n", 0o600);
            let shown = room.run_raw(&format!("mcpjwt {line}"));
            assert_eq!(
                shown.stderr.contains(told),
                is_back,
                "{line}: {}",
                shown.stderr
            );
        }
    }
}

#[test]
fn what_a_short_grace_ends_is_renewed_with_its_claims() {
    let mut room = Sandbox::default();
    run(&mut room, "mcpjwt issue -q --sub a --scope x --to file:t");
    let shown = room.run_raw("mcpjwt rotate-secret --grace 1d");
    assert!(
        shown.stderr.contains("`mcpjwt refresh --all`"),
        "{}",
        shown.stderr
    );
    run(&mut room, "mcpjwt refresh --all");
    let shown = room.run_raw("mcpjwt verify file:t --scope x --json --at +2d");
    assert_eq!(shown.code, 0, "{}", shown.stdout);
    assert!(
        shown.stdout.contains("\"state\": \"current\""),
        "{}",
        shown.stdout
    );
}

/// Tokens of a batch and others of the same key are all that there is of it.
#[test]
fn every_token_of_a_key_is_counted_once() {
    let mut room = Sandbox::default()
        .file("k", SECRET)
        .env("MCPJWT_KEY", "file:k");
    room.set_stdin("a\nb\nc\n");
    let batch = room.run_raw("mcpjwt issue -q --from -").stdout;
    for sub in ["x", "y"] {
        run(&mut room, &format!("mcpjwt issue -q --sub {sub}"));
    }
    room.put_file("t", batch.lines().next().unwrap(), 0o600);
    run(&mut room, "mcpjwt install -q file:t --to file:u");
    let keys = room.run_raw("mcpjwt decode file:t --json").stdout;
    let kid = keys.split("\"kid\": \"").nth(1).unwrap();
    let kid = kid.split('"').next().unwrap();
    let shown = room.run_raw(&format!("mcpjwt revoke --dry-run --kid={kid}"));
    assert!(
        shown.stderr.contains(", 5 of them known"),
        "{}",
        shown.stderr
    );
}
