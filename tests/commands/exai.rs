//! The real case of `tests/fixtures/exai`.

use expect_test::expect;
use mcpjwt::host::Kept;

use crate::support::Sandbox;

/// The project of the fixture, a year later.
pub(super) fn project() -> Sandbox {
    let mut room = Sandbox::default().at(1_795_316_400);
    for name in [
        ".env",
        ".env.docker",
        "config/daemon/mcp-config.augmentcode.vscode1.json",
        "config/daemon/mcp-config.augmentcode.vscode2.json",
        "config/daemon/mcp-config.claude.json",
    ] {
        let text = std::fs::read(format!("tests/fixtures/exai/{name}")).unwrap();
        room.put_file(name, text, 0o600);
    }
    room
}

const KEY: &str =
    "--key dotenv:.env.docker#JWT_SECRET_KEY --iss exai-mcp-server --aud exai-mcp-client";

#[test]
fn the_three_tokens_were_good_until_november_2026() {
    let mut room = project();
    for (name, sub) in [
        ("VSCODE1", "vscode1@exai-mcp.local"),
        ("VSCODE2", "vscode2@exai-mcp.local"),
        ("CLAUDE", "claude@exai-mcp.local"),
    ] {
        let token = format!("dotenv:.env#EXAI_JWT_TOKEN_{name}");
        let shown = room.run_raw(&format!("mcpjwt verify {token} {KEY} --at 2025-12-01"));
        assert_eq!((shown.code, shown.stderr.as_str()), (0, ""), "{name}");
        let first = shown.stdout.lines().next().unwrap();
        let want = format!("valid: {sub}, until 2026-11-02 23:11:13 +00:00 (in 11 mo)");
        assert_eq!(first, want);
        assert_eq!(
            room.run_raw(&format!("mcpjwt verify {token} {KEY}")).code,
            3
        );
    }
    let line = format!("mcpjwt verify dotenv:.env#EXAI_JWT_TOKEN_CLAUDE {KEY}");
    let other = "mcpjwt verify dotenv:.env#EXAI_JWT_TOKEN_CLAUDE --key dotenv:.env.docker#JWT_SECRET_KEY --key-encoding base64url --at 2025-12-01";
    let shown = room.run(&line) + &room.run(other);
    expect![[r#"
        --- stderr
        error: the token of `claude@exai-mcp.local` expired 19 d ago, on 2026-11-02 23:11:13 +00:00
        --- exit 3
        --- stderr
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `VDEdEdydfl9oIM64`)
        hint: the signature fits when the secret is read as text, not decoded from base64url; whoever signed it used the text of the secret: leave out `--key-encoding`
        --- exit 1
    "#]].assert_eq(&shown);
}

#[test]
fn another_secret_is_told_from_an_expired_token() {
    let mut room = project().file("other", crate::OTHER);
    let line = "mcpjwt verify dotenv:.env#EXAI_JWT_TOKEN_VSCODE1 --key file:other";
    let shown = room.run(line) + &room.run(&format!("{line} --at 2025-12-01"));
    expect![[r#"
        --- stderr
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `G-2KYj0OXRAxhfq5`)
        error: the token expired 19 d ago, on 2026-11-02 23:11:13 +00:00
        --- exit 1
        --- stderr
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `G-2KYj0OXRAxhfq5`)
        --- exit 1
    "#]].assert_eq(&shown);
}

#[test]
fn the_tokens_in_the_configs_have_no_signature() {
    let mut room = project();
    let mut text = String::new();
    for (file, server) in [
        ("augmentcode.vscode1", "EXAI-WS-VSCode1"),
        ("augmentcode.vscode2", "EXAI-WS-VSCode2"),
        ("claude", "EXAI-WS"),
    ] {
        let place = format!(
            "json:config/daemon/mcp-config.{file}.json#/mcpServers/{server}/env/EXAI_JWT_TOKEN"
        );
        text.push_str(&room.run(&format!("mcpjwt verify {place} {KEY}")));
        text.push_str(&room.run(&format!("mcpjwt decode {place}")));
        text.push_str(&room.run(&format!("mcpjwt expiry {place}")));
    }
    expect![[r#"
        --- stderr
        error: the token is malformed: found two parts, expected three parts with two dots between them
        hint: the signature is missing: there are only header and payload of the token of `vscode1@exai-mcp.local`, and the payload is cut short; mint a new one with `mcpjwt issue --sub NAME`; a token cannot be completed
        --- exit 1
        --- stderr
        error: cannot read the claims of `vscode1@exai-mcp.local`: the payload is cut or damaged
        hint: a token has three parts; copy it whole, or mint a new one with `mcpjwt issue --sub NAME`
        --- exit 1
        --- stderr
        error: the token at `json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN`, of `vscode1@exai-mcp.local`, is not whole: its signature is missing
        hint: mint a new one with `mcpjwt issue --sub NAME`
        --- exit 1
        --- stderr
        error: the token is malformed: found two parts, expected three parts with two dots between them
        hint: the signature is missing: there are only header and payload of the token of `vscode2@exai-mcp.local`, and the payload is cut short; mint a new one with `mcpjwt issue --sub NAME`; a token cannot be completed
        --- exit 1
        --- stderr
        error: cannot read the claims of `vscode2@exai-mcp.local`: the payload is cut or damaged
        hint: a token has three parts; copy it whole, or mint a new one with `mcpjwt issue --sub NAME`
        --- exit 1
        --- stderr
        error: the token at `json:config/daemon/mcp-config.augmentcode.vscode2.json#/mcpServers/EXAI-WS-VSCode2/env/EXAI_JWT_TOKEN`, of `vscode2@exai-mcp.local`, is not whole: its signature is missing
        hint: mint a new one with `mcpjwt issue --sub NAME`
        --- exit 1
        --- stderr
        error: the token is malformed: found two parts, expected three parts with two dots between them
        hint: the signature is missing: there are only header and payload of the token of `claude@exai-mcp.local`, and the payload is cut short; mint a new one with `mcpjwt issue --sub NAME`; a token cannot be completed
        --- exit 1
        --- stderr
        error: cannot read the claims of `claude@exai-mcp.local`: the payload is cut or damaged
        hint: a token has three parts; copy it whole, or mint a new one with `mcpjwt issue --sub NAME`
        --- exit 1
        --- stderr
        error: the token at `json:config/daemon/mcp-config.claude.json#/mcpServers/EXAI-WS/env/EXAI_JWT_TOKEN`, of `claude@exai-mcp.local`, is not whole: its signature is missing
        hint: mint a new one with `mcpjwt issue --sub NAME`
        --- exit 1
    "#]].assert_eq(&text);
}

#[test]
fn expiry_of_the_whole_file_needs_no_key() {
    let places = ["VSCODE1", "VSCODE2", "CLAUDE"]
        .map(|name| format!("dotenv:.env#EXAI_JWT_TOKEN_{name}"))
        .join(" ");
    let mut room = project();
    let shown = room.run(&format!("mcpjwt expiry {places}"))
        + &room.run(&format!(
            "mcpjwt expiry {places} --at 2026-10-27 --within 7d"
        ));
    expect![[r#"
        --- stdout
        SUBJECT                 EXPIRES                     LEFT              PLACE
        vscode1@exai-mcp.local  2026-11-02 23:11:13 +00:00  expired 19 d ago  dotenv:.env#EXAI_JWT_TOKEN_VSCODE1
        vscode2@exai-mcp.local  2026-11-02 23:11:13 +00:00  expired 19 d ago  dotenv:.env#EXAI_JWT_TOKEN_VSCODE2
        claude@exai-mcp.local   2026-11-02 23:11:13 +00:00  expired 19 d ago  dotenv:.env#EXAI_JWT_TOKEN_CLAUDE
        --- exit 3
        --- stdout
        SUBJECT                 EXPIRES                     LEFT          PLACE
        vscode1@exai-mcp.local  2026-11-02 23:11:13 +00:00  in 7 d, soon  dotenv:.env#EXAI_JWT_TOKEN_VSCODE1
        vscode2@exai-mcp.local  2026-11-02 23:11:13 +00:00  in 7 d, soon  dotenv:.env#EXAI_JWT_TOKEN_VSCODE2
        claude@exai-mcp.local   2026-11-02 23:11:13 +00:00  in 7 d, soon  dotenv:.env#EXAI_JWT_TOKEN_CLAUDE
        --- exit 3
    "#]].assert_eq(&shown);
}

/// Each config where its client reads it, pasted by hand and committed by mistake.
fn pasted() -> Sandbox {
    let mut room = project();
    for (name, path) in [
        ("augmentcode.vscode1", ".cursor/mcp.json"),
        ("augmentcode.vscode2", ".roo/mcp.json"),
        ("claude", ".mcp.json"),
    ] {
        let text = room
            .text(&format!("config/daemon/mcp-config.{name}.json"))
            .unwrap();
        room.put_file(path, text, 0o644);
        room = room.git(path, Kept::Tracked);
    }
    room
}

#[test]
fn status_shows_the_damage() {
    let mut room = pasted();
    let mut text = room.run("mcpjwt status --scan");
    for width in [80, 120] {
        room = room.terminal(width).env("LANG", "C.UTF-8");
        text += &format!(
            "== {width}\n{}",
            room.run("mcpjwt status --scan --color never")
        );
    }
    expect![[r#"
        --- stdout
        PLACE                           SUBJECT                 ISSUER  LEFT  PROBLEM
        claude-code:project/EXAI-WS     claude@exai-mcp.local   -       -     malformed: two parts, no signature; others can read it (0644); git tracks it
        cursor:project/EXAI-WS-VSCode1  vscode1@exai-mcp.local  -       -     malformed: two parts, no signature; others can read it (0644); git tracks it
        roo:project/EXAI-WS-VSCode2     vscode2@exai-mcp.local  -       -     malformed: two parts, no signature; others can read it (0644); git tracks it
        --- stderr
        note: there is no key here to check signatures with
        hint: put a new one there with `mcpjwt issue --sub claude@exai-mcp.local --key PLACE --to claude-code:project/EXAI-WS`
        hint: close the files with `chmod 600 /home/me/project/.mcp.json /home/me/project/.cursor/mcp.json /home/me/project/.roo/mcp.json`
        hint: take the token out with `mcpjwt uninstall claude-code:project/EXAI-WS`; whoever has the repository has it
        --- exit 1
        == 80
        --- stdout
        PLACE                           SUBJECT                 ISSUER  LEFT
        claude-code:project/EXAI-WS     claude@exai-mcp.local   -       -
          malformed: two parts, no signature; others can read it (0644); git tracks it
        cursor:project/EXAI-WS-VSCode1  vscode1@exai-mcp.local  -       -
          malformed: two parts, no signature; others can read it (0644); git tracks it
        roo:project/EXAI-WS-VSCode2     vscode2@exai-mcp.local  -       -
          malformed: two parts, no signature; others can read it (0644); git tracks it
        --- stderr
        note: there is no key here to check signatures with
        hint: put a new one there with `mcpjwt issue --sub claude@exai-mcp.local --key PLACE --to claude-code:project/EXAI-WS`
        hint: close the files with `chmod 600 /home/me/project/.mcp.json /home/me/project/.cursor/mcp.json /home/me/project/.roo/mcp.json`
        hint: take the token out with `mcpjwt uninstall claude-code:project/EXAI-WS`; whoever has the repository has it
        --- exit 1
        == 120
        --- stdout
        PLACE                           SUBJECT                 ISSUER  LEFT
        claude-code:project/EXAI-WS     claude@exai-mcp.local   -       -
          malformed: two parts, no signature; others can read it (0644); git tracks it
        cursor:project/EXAI-WS-VSCode1  vscode1@exai-mcp.local  -       -
          malformed: two parts, no signature; others can read it (0644); git tracks it
        roo:project/EXAI-WS-VSCode2     vscode2@exai-mcp.local  -       -
          malformed: two parts, no signature; others can read it (0644); git tracks it
        --- stderr
        note: there is no key here to check signatures with
        hint: put a new one there with `mcpjwt issue --sub claude@exai-mcp.local --key PLACE --to claude-code:project/EXAI-WS`
        hint: close the files with `chmod 600 /home/me/project/.mcp.json /home/me/project/.cursor/mcp.json /home/me/project/.roo/mcp.json`
        hint: take the token out with `mcpjwt uninstall claude-code:project/EXAI-WS`; whoever has the repository has it
        --- exit 1
    "#]].assert_eq(&text);
}

#[test]
fn clients_shows_who_reads_the_tokens() {
    let mut room = pasted();
    let mut text = room.run("mcpjwt clients -q");
    for line in ["mcpjwt clients", "mcpjwt clients cursor"] {
        room = room.terminal(80);
        text += &format!("== {line}\n{}", room.run(&format!("{line} --color never")));
    }
    expect![[r#"
        --- stdout
        CLIENT       SCOPE    FILE              SERVERS          MODES            VERIFIED
        claude-code  project  .mcp.json         EXAI-WS          helper env exec  ran
        cursor       project  .cursor/mcp.json  EXAI-WS-VSCode1  env exec         secondary
        roo          project  .roo/mcp.json     EXAI-WS-VSCode2  env exec         source

        also read  `.mcp.json`: vscode, vscode-insiders, vscodium, copilot-cli, kimi-code, command-code, deepagents, nanocoder, forge
        not found  claude-desktop, codex, gemini-cli, opencode, windsurf, cline, kilo, zed, visual-studio, jetbrains-ai, junie, antigravity, kiro, trae, devin, bob, qwen-code, factory-droid, augment, amazon-q, crush, amp, grok-build, pi, mastracode, fx, mcporter, rovodev, tabnine, cortex-code, muse-code, zcode, warp, eca, mcphub, oterm, openhands, lm-studio, boltai, witsy, enconvo, jan, goose, continue, mistral-vibe, hermes-agent, poolside, 5ire, tome, librechat
        --- exit 0
        == mcpjwt clients
        --- stdout
        CLIENT       SCOPE    FILE              SERVERS
        claude-code  project  .mcp.json         EXAI-WS
          modes helper env exec, verified ran
        cursor       project  .cursor/mcp.json  EXAI-WS-VSCode1
          modes env exec, verified secondary
        roo          project  .roo/mcp.json     EXAI-WS-VSCode2
          modes env exec, verified source

        also read  `.mcp.json`: vscode, vscode-insiders, vscodium, copilot-cli,
                   kimi-code, command-code, deepagents, nanocoder, forge
        not found  claude-desktop, codex, gemini-cli, opencode, windsurf, cline, kilo,
                   zed, visual-studio, jetbrains-ai, junie, antigravity, kiro, trae,
                   devin, bob, qwen-code, factory-droid, augment, amazon-q, crush, amp,
                   grok-build, pi, mastracode, fx, mcporter, rovodev, tabnine,
                   cortex-code, muse-code, zcode, warp, eca, mcphub, oterm, openhands,
                   lm-studio, boltai, witsy, enconvo, jan, goose, continue,
                   mistral-vibe, hermes-agent, poolside, 5ire, tome, librechat
        --- exit 0
        == mcpjwt clients cursor
        --- stdout
        client          Cursor
        with a URL      literal env
        with a command  literal env exec
        reads           comments unknown, trailing commas unknown, byte order mark
                        unknown
        verified        secondary: paths, servers, stdio, remote, modes; unknown: reader

        SCOPE    FILE                STATE
        user     ~/.cursor/mcp.json  no such file
        project  .cursor/mcp.json    mode 0644

        SERVER           SCOPE    KIND          TOKEN
        EXAI-WS-VSCode1  project  stdio python  EXAI_JWT_TOKEN
        --- exit 0
    "#]].assert_eq(&text);
}

#[test]
fn a_new_token_takes_the_place_of_the_old_one_and_the_rest_stays() {
    let mut room = project();
    let before = room.text(".env").unwrap();
    let old = |text: &str| {
        let line = text
            .lines()
            .find(|line| line.starts_with("EXAI_JWT_TOKEN_CLAUDE="));
        line.unwrap().to_owned()
    };
    let line = "mcpjwt issue --sub claude@exai-mcp.local --iss exai-mcp-server --aud exai-mcp-client --ttl 90d --key dotenv:.env.docker#JWT_SECRET_KEY --to dotenv:.env#EXAI_JWT_TOKEN_CLAUDE";
    let shown = room.run_raw(line);
    assert_eq!(
        (shown.code, shown.stdout.as_str()),
        (0, ""),
        "{}",
        shown.stderr
    );
    let after = room.text(".env").unwrap();
    assert_eq!(after, before.replace(&old(&before), &old(&after)));
    let judged = room.run_raw(&format!(
        "mcpjwt verify dotenv:.env#EXAI_JWT_TOKEN_CLAUDE {KEY}"
    ));
    assert_eq!(judged.code, 0, "{}", judged.stderr);
    expect![[r#"
        wrote the token of `claude@exai-mcp.local` to `dotenv:.env#EXAI_JWT_TOKEN_CLAUDE`, good until 2027-02-20 03:00:00 +00:00 (in 90 d)
    "#]].assert_eq(&shown.stderr);
}

const MANIFEST: &str = r#"
name = "exai"
iss = "exai-mcp-server"
aud = "exai-mcp-client"
ttl = "90d"
key = "dotenv:.env.docker#JWT_SECRET_KEY"

[[token]]
sub = "vscode1@exai-mcp.local"
to = ["dotenv:.env#EXAI_JWT_TOKEN_VSCODE1",
      "json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN"]

[[token]]
sub = "vscode2@exai-mcp.local"
to = ["dotenv:.env#EXAI_JWT_TOKEN_VSCODE2",
      "json:config/daemon/mcp-config.augmentcode.vscode2.json#/mcpServers/EXAI-WS-VSCode2/env/EXAI_JWT_TOKEN"]

[[token]]
sub = "claude@exai-mcp.local"
to = ["dotenv:.env#EXAI_JWT_TOKEN_CLAUDE",
      "json:config/daemon/mcp-config.claude.json#/mcpServers/EXAI-WS/env/EXAI_JWT_TOKEN"]
"#;

#[test]
fn sync_repairs_the_six_places_and_changes_nothing_else() {
    let mut room = project().file("mcpjwt.toml", MANIFEST);
    room.facts.width = Some(80);
    let before = room.files.files.clone();
    let shown = room.run_raw("mcpjwt sync");
    expect![[r#"
        TOKEN    GETS       PLACE                                   WHY
        vscode1  new token  dotenv:.env#EXAI_JWT_TOKEN_VSCODE1      expired 19 d ago
        vscode1  new token  json:config/daemon…/env/EXAI_JWT_TOKEN  malformed: two parts
        vscode2  new token  dotenv:.env#EXAI_JWT_TOKEN_VSCODE2      expired 19 d ago
        vscode2  new token  json:config/daemon…/env/EXAI_JWT_TOKEN  malformed: two parts
        claude   new token  dotenv:.env#EXAI_JWT_TOKEN_CLAUDE       expired 19 d ago
        claude   new token  json:config/daemon…/env/EXAI_JWT_TOKEN  malformed: two parts
        wrote 6 places with 3 new tokens, the first good until 2027-02-20 03:00:00 +00:00 (in 90 d)
    "#]]
    .assert_eq(&(shown.stdout + &shown.stderr));
    let mut changed = String::new();
    for (path, entry) in &before {
        let [old, new] = [entry, &room.files.files[path]]
            .map(|it| String::from_utf8_lossy(&it.bytes).into_owned());
        assert_eq!(old.lines().count(), new.lines().count());
        for (old, new) in old.lines().zip(new.lines()).filter(|(old, new)| old != new) {
            // Around the token the line is what it was.
            let masked = |line: &str| {
                let at = line.find("eyJ").unwrap();
                let end = line[at..].find('"').map_or(line.len(), |end| at + end);
                format!("{}TOKEN{}", &line[..at], &line[end..])
            };
            assert_eq!(masked(old), masked(new));
            changed.push_str(&format!(
                "{}: {}\n",
                path.file_name().unwrap().display(),
                masked(new)
            ));
        }
    }
    expect![[r#"
        .env: EXAI_JWT_TOKEN_VSCODE1=TOKEN
        .env: EXAI_JWT_TOKEN_VSCODE2=TOKEN
        .env: EXAI_JWT_TOKEN_CLAUDE=TOKEN
        mcp-config.augmentcode.vscode1.json:         "EXAI_JWT_TOKEN": "TOKEN",
        mcp-config.augmentcode.vscode2.json:         "EXAI_JWT_TOKEN": "TOKEN",
        mcp-config.claude.json:         "EXAI_JWT_TOKEN": "TOKEN",
    "#]]
    .assert_eq(&changed);
    for place in MANIFEST
        .split('"')
        .filter(|word| word.contains("#EXAI") || word.contains("#/"))
    {
        let line = format!("mcpjwt verify {place} --strict");
        let shown = room.run_raw(&line);
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
    }
    let shown = room.run_raw("mcpjwt sync");
    assert_eq!((shown.code, shown.stderr.as_str()), (0, "nothing to do\n"));
}

/// From the fixture alone: a manifest of its six places, which `sync` then mends, changing
/// nothing else.
#[test]
fn a_manifest_is_made_and_all_six_places_are_mended() {
    let mut room = project();
    let files = [
        ".env",
        ".env.docker",
        "config/daemon/mcp-config.augmentcode.vscode1.json",
        "config/daemon/mcp-config.augmentcode.vscode2.json",
        "config/daemon/mcp-config.claude.json",
    ];
    let before = files.map(|name| room.text(name).unwrap());
    let mut shown = String::new();
    for line in [
        "mcpjwt init -q",
        "mcpjwt sync",
        "mcpjwt sync --check",
        "mcpjwt status",
    ] {
        let run = room.run_raw(line);
        shown.push_str(&format!("$ {line}\n{}{}", run.stdout, run.stderr));
    }
    let mut changed = String::new();
    for (name, before) in files.iter().zip(&before) {
        let after = room.text(name).unwrap();
        assert_eq!(before.lines().count(), after.lines().count(), "{name}");
        for (number, (old, new)) in before.lines().zip(after.lines()).enumerate() {
            if old != new {
                let head = |line: &str| line.split("eyJ").next().unwrap().to_owned();
                assert_eq!(head(old), head(new), "{name}");
                changed.push_str(&format!("{name}:{}: {}\n", number + 1, head(new).trim()));
            }
        }
    }
    expect![[r#"
        $ mcpjwt init -q
        $ mcpjwt sync
        TOKEN    GETS       PLACE                                                                                                  WHY
        vscode1  new token  dotenv:.env#EXAI_JWT_TOKEN_VSCODE1                                                                     expired 19 d ago
        vscode1  new token  json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN  malformed: two parts
        vscode2  new token  dotenv:.env#EXAI_JWT_TOKEN_VSCODE2                                                                     expired 19 d ago
        vscode2  new token  json:config/daemon/mcp-config.augmentcode.vscode2.json#/mcpServers/EXAI-WS-VSCode2/env/EXAI_JWT_TOKEN  malformed: two parts
        claude   new token  dotenv:.env#EXAI_JWT_TOKEN_CLAUDE                                                                      expired 19 d ago
        claude   new token  json:config/daemon/mcp-config.claude.json#/mcpServers/EXAI-WS/env/EXAI_JWT_TOKEN                       malformed: two parts
        wrote 6 places with 3 new tokens, the first good until 2027-02-20 03:00:00 +00:00 (in 90 d)
        $ mcpjwt sync --check
        nothing to do
        $ mcpjwt status
        PLACE                                                                                                  SUBJECT                 ISSUER           LEFT           PROBLEM
        dotenv:.env#EXAI_JWT_TOKEN_CLAUDE                                                                      claude@exai-mcp.local   exai-mcp-server  ######## 90 d
        json:config/daemon/mcp-config.claude.json#/mcpServers/EXAI-WS/env/EXAI_JWT_TOKEN                       claude@exai-mcp.local   exai-mcp-server  ######## 90 d
        dotenv:.env#EXAI_JWT_TOKEN_VSCODE1                                                                     vscode1@exai-mcp.local  exai-mcp-server  ######## 90 d
        json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN  vscode1@exai-mcp.local  exai-mcp-server  ######## 90 d
        dotenv:.env#EXAI_JWT_TOKEN_VSCODE2                                                                     vscode2@exai-mcp.local  exai-mcp-server  ######## 90 d
        json:config/daemon/mcp-config.augmentcode.vscode2.json#/mcpServers/EXAI-WS-VSCode2/env/EXAI_JWT_TOKEN  vscode2@exai-mcp.local  exai-mcp-server  ######## 90 d
    "#]].assert_eq(&shown);
    expect![[r#"
        .env:9: EXAI_JWT_TOKEN_VSCODE1=
        .env:12: EXAI_JWT_TOKEN_VSCODE2=
        .env:15: EXAI_JWT_TOKEN_CLAUDE=
        config/daemon/mcp-config.augmentcode.vscode1.json:14: "EXAI_JWT_TOKEN": "
        config/daemon/mcp-config.augmentcode.vscode2.json:14: "EXAI_JWT_TOKEN": "
        config/daemon/mcp-config.claude.json:14: "EXAI_JWT_TOKEN": "
    "#]]
    .assert_eq(&changed);
    for place in [
        "dotenv:.env#EXAI_JWT_TOKEN_VSCODE2",
        "json:config/daemon/mcp-config.augmentcode.vscode2.json#/mcpServers/EXAI-WS-VSCode2/env/EXAI_JWT_TOKEN",
    ] {
        let judged = room.run_raw(&format!(
            "mcpjwt verify {place} --sub vscode2@exai-mcp.local {KEY}"
        ));
        assert_eq!(judged.code, 0, "{}", judged.stderr);
    }
}
