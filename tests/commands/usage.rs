//! Mistakes on the command line, and that nothing typed is repeated: it may be a secret.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{runs, with_key};

const MARKER: &str = "hunter2Kz9qTz71xQ";

#[test]
fn mistakes_say_what_to_type() {
    let shown = runs(
        &mut Sandbox::default(),
        &[
            "mcpjwt isue",
            "mcpjwt issue --subb a",
            "mcpjwt issue -x",
            "mcpjwt issue --sub",
            "mcpjwt issue --sub a extra",
            "mcpjwt issue --sub a --ttl 1d --ttl 2d",
            "mcpjwt issue --sub a --json=yes",
            "mcpjwt verify --key",
            "mcpjwt verify a b",
            "mcpjwt verify --jwks file:a --key file:b x",
            "mcpjwt completions",
            "mcpjwt completions tcsh",
            "mcpjwt man nothing",
            "mcpjwt secret lst",
            "mcpjwt secret list extra",
            "mcpjwt --color pink issue",
            "mcpjwt --json=1",
            "mcpjwt issue vscode1",
            "mcpjwt version",
            "mcpjwt issue --sub a --to foo.jwt",
            "mcpjwt issue --sub a --to cursr/exai",
        ],
    );
    expect![[r#"
        $ mcpjwt isue
        --- stderr
        error: there is no such command
        hint: did you mean `issue`?
        --- exit 2
        $ mcpjwt issue --subb a
        --- stderr
        error: there is no such option here (6 characters typed)
        hint: did you mean `--sub`?
        --- exit 2
        $ mcpjwt issue -x
        --- stderr
        error: there is no such option here (2 characters typed)
        hint: see `mcpjwt issue --help`
        --- exit 2
        $ mcpjwt issue --sub
        --- stderr
        error: `--sub` needs a value
        hint: write `--sub NAME`
        --- exit 2
        $ mcpjwt issue --sub a extra
        --- stderr
        error: a word of 5 characters is one too many
        hint: name who the token is for: `mcpjwt issue --sub NAME`
        --- exit 2
        $ mcpjwt issue --sub a --ttl 1d --ttl 2d
        --- stderr
        error: `--ttl` is given twice
        hint: give it once
        --- exit 2
        $ mcpjwt issue --sub a --json=yes
        --- stderr
        error: `--json` takes no value
        hint: see `mcpjwt issue --help`
        --- exit 2
        $ mcpjwt verify --key
        --- stderr
        error: `--key` needs a value
        hint: write `--key PLACE`
        --- exit 2
        $ mcpjwt verify a b
        --- stderr
        error: a word of 1 character is one too many
        hint: give one token: `mcpjwt verify TOKEN`
        --- exit 2
        $ mcpjwt verify --jwks file:a --key file:b x
        --- stderr
        error: `--jwks` cannot be used together with `--key`
        hint: leave out one of the two
        --- exit 2
        $ mcpjwt completions
        --- stderr
        error: `SHELL` is missing
        hint: name a shell: `mcpjwt completions bash`
        --- exit 2
        $ mcpjwt completions tcsh
        --- stderr
        error: `SHELL` does not take that value
        hint: one of bash, zsh, fish, powershell, elvish, nushell
        --- exit 2
        $ mcpjwt man nothing
        --- stderr
        error: there is no page of that name
        hint: one of issue, verify, decode, expiry, lint, refresh, secret, secret-generate, secret-list, secret-export, secret-import, secret-prune, sync, install, uninstall, headers, exec, init, add, remove, clients, status, rotate-secret, revoke, log, doctor, jwks, trust, completions, man
        --- exit 2
        $ mcpjwt secret lst
        --- stderr
        error: there is no such command
        hint: did you mean `list`?
        --- exit 2
        $ mcpjwt secret list extra
        --- stderr
        error: a word of 5 characters is one too many
        hint: the place of keys is named by an option: `mcpjwt secret list --key PLACE`
        --- exit 2
        $ mcpjwt --color pink issue
        --- stderr
        error: `--sub` is missing
        hint: name who the token is for: `mcpjwt issue --sub NAME`
        --- exit 2
        $ mcpjwt --json=1
        --- stderr
        error: `--json` takes no value
        hint: see `mcpjwt --help`
        --- exit 2
        $ mcpjwt issue vscode1
        --- stderr
        error: a word of 7 characters is one too many
        hint: name who the token is for: `mcpjwt issue --sub NAME`
        --- exit 2
        $ mcpjwt version
        --- stderr
        error: there is no such command
        hint: the version is told by `mcpjwt --version`
        --- exit 2
        $ mcpjwt issue --sub a --to foo.jwt
        --- stderr
        error: `--to` takes a place, and these 7 characters are none
        hint: `CLIENT/SERVER` (see `mcpjwt clients`), `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/pointer`, `keyring:SERVICE/ACCOUNT` or `-`
        --- exit 2
        $ mcpjwt issue --sub a --to cursr/exai
        --- stderr
        error: `--to` takes a place, and these 10 characters are none
        hint: did you mean `cursor/SERVER`?
        --- exit 2
    "#]].assert_eq(&shown);
}

#[test]
fn a_line_that_lacks_something_is_told_what_to_type() {
    let lines = [
        "revoke",
        "revoke a b",
        "revoke --list --sub x",
        "verify - -",
        "decode a b",
        "install",
        "install tok --to cursor",
        "uninstall",
        "uninstall cursor:user",
        "remove",
        "add",
        "add bob",
        "add --to file:x",
        "exec",
        "exec bob",
        "exec -- ls",
        "headers",
        "trust gone",
        "jwks --to foo",
        "secret import",
        "secret import --from hunter2",
        "secret generate --bytes x",
        "secret prune now",
        "rotate-secret --abort --stage",
        "rotate-secret --grace 14",
        "issue --sub a --ttl 1x",
        "issue --from - --sub a",
        "log --since yesterday",
        "verify --at x tok",
        "sync now",
        "sync check",
        "rotate-secret now",
        "rotate-secret server.env",
        "log stats",
        "log vscode1",
        "status cursor/exai",
        "secret list server.env",
        "secret generate server.env",
        "secret export main",
        "doctor all",
        "jwks issuer.pem",
        "init here",
        "completions",
    ];
    let mut shown = String::new();
    for line in lines {
        let said = Sandbox::default().run_raw(&format!("mcpjwt {line}"));
        shown.push_str(&format!("$ mcpjwt {line}\n{}{}", said.stdout, said.stderr));
        assert_ne!(said.code, 0, "{line}");
        assert!(said.stderr.contains("\nhint: "), "{line}: {}", said.stderr);
    }
    expect![[r#"
        $ mcpjwt revoke
        error: `TOKEN|PLACE|--jti ID|--sub NAME|--kid KID|--run ID|--list` is missing
        hint: give one token, or a place that holds it: `mcpjwt revoke TOKEN`
        $ mcpjwt revoke a b
        error: a word of 1 character is one too many
        hint: give one token, or a place that holds it: `mcpjwt revoke TOKEN`
        $ mcpjwt revoke --list --sub x
        error: `--list` cannot be used together with `--sub`
        hint: leave out one of the two
        $ mcpjwt verify - -
        error: a word of 1 character is one too many
        hint: give one token: `mcpjwt verify TOKEN`
        $ mcpjwt decode a b
        error: a word of 1 character is one too many
        hint: give one token: `mcpjwt decode TOKEN`
        $ mcpjwt install
        error: `--to` is missing
        hint: say where the token goes: `mcpjwt install TOKEN --to CLIENT/SERVER`
        $ mcpjwt install tok --to cursor
        error: `--to` takes a place, and these 6 characters are none
        hint: did you mean `cursor/SERVER`?
        $ mcpjwt uninstall
        error: `PLACE|--sub NAME|--all` is missing
        hint: say what to empty: `mcpjwt uninstall CLIENT/SERVER`
        $ mcpjwt uninstall cursor:user
        error: this place of `cursor` cannot be read: it names no server after a `/`
        hint: write `cursor[:SCOPE]/SERVER`
        $ mcpjwt remove
        error: `NAME` is missing
        hint: name a token of the manifest: `mcpjwt remove NAME`
        $ mcpjwt add
        error: `--to` is missing
        hint: say who it is, and where the token goes: `mcpjwt add SUB --to CLIENT/SERVER`
        $ mcpjwt add bob
        error: `--to` is missing
        hint: say who it is, and where the token goes: `mcpjwt add SUB --to CLIENT/SERVER`
        $ mcpjwt add --to file:x
        error: `SUB` is missing
        hint: say who it is, and where the token goes: `mcpjwt add SUB --to CLIENT/SERVER`
        $ mcpjwt exec
        error: `NAME`, `CMD` are missing
        hint: the program comes last, behind `--`: `mcpjwt exec NAME -- CMD`
        $ mcpjwt exec bob
        error: `CMD` is missing
        hint: the program comes last, behind `--`: `mcpjwt exec NAME -- CMD`
        $ mcpjwt exec -- ls
        error: `NAME` is missing
        hint: the program comes last, behind `--`: `mcpjwt exec NAME -- CMD`
        $ mcpjwt headers
        error: `NAME` is missing
        hint: say whose token it is: `mcpjwt headers NAME`
        $ mcpjwt trust gone
        error: there is no manifest `~/project/gone/mcpjwt.toml`
        hint: look whether the path is right, or make one there with `mcpjwt init --to FILE`
        $ mcpjwt jwks --to foo
        error: `--to` takes a place, and these 3 characters are none
        hint: `file:PATH`, `json:PATH#/pointer`, `toml:PATH#dotted.key`, `keyring:SERVICE/ACCOUNT` or `-`
        $ mcpjwt secret import
        error: `--from` is missing
        hint: say where the key is: `mcpjwt secret import --from PLACE`
        $ mcpjwt secret import --from hunter2
        error: the key is no place, but 7 characters of something else; a secret does not belong on the command line
        hint: put it into a file and give `file:PATH`, or a variable and `env:NAME`, or type it with `--from ask`
        $ mcpjwt secret generate --bytes x
        error: `--bytes` does not take that value
        hint: write a number: `--bytes N`
        $ mcpjwt secret prune now
        error: a word of 3 characters is one too many
        hint: all keys that are no longer accepted go at once: `mcpjwt secret prune`
        $ mcpjwt rotate-secret --abort --stage
        error: `--abort` cannot be used together with `--stage`
        hint: leave out one of the two
        $ mcpjwt rotate-secret --grace 14
        error: `--grace`: `14` has no unit
        hint: write `14s`, `14m`, `14h` or `14d`
        $ mcpjwt issue --sub a --ttl 1x
        error: `--ttl`: a text of 2 characters has no known unit
        hint: the units are `s`, `m` (minutes), `h`, `d`, `w`, `mo` (30 days) and `y`
        $ mcpjwt issue --from - --sub a
        error: `--from` cannot be used together with `--sub`
        hint: leave out one of the two
        $ mcpjwt log --since yesterday
        error: `--since`: a text of 9 characters is not a time
        hint: write `2026-11-22T03:00:00Z`, `2026-11-22`, unix seconds, `+7d` or `-1h`
        $ mcpjwt verify --at x tok
        error: `--at`: a text of 1 character is not a time
        hint: write `2026-11-22T03:00:00Z`, `2026-11-22`, unix seconds, `+7d` or `-1h`
        $ mcpjwt sync now
        error: a word of 3 characters is one too many
        hint: it is for every place of the manifest: `mcpjwt sync`
        $ mcpjwt sync check
        error: a word of 5 characters is one too many
        hint: did you mean `--check`?
        $ mcpjwt rotate-secret now
        error: a word of 3 characters is one too many
        hint: did you mean `--now`?
        $ mcpjwt rotate-secret server.env
        error: a word of 10 characters is one too many
        hint: the place of a key is named by an option: `mcpjwt rotate-secret --key PLACE`
        $ mcpjwt log stats
        error: a word of 5 characters is one too many
        hint: did you mean `--stats`?
        $ mcpjwt log vscode1
        error: a word of 7 characters is one too many
        hint: a subject is named by an option: `mcpjwt log --sub NAME`
        $ mcpjwt status cursor/exai
        error: a word of 11 characters is one too many
        hint: it shows every place; of one: `mcpjwt expiry PLACE`
        $ mcpjwt secret list server.env
        error: a word of 10 characters is one too many
        hint: the place of keys is named by an option: `mcpjwt secret list --key PLACE`
        $ mcpjwt secret generate server.env
        error: a word of 10 characters is one too many
        hint: say where the key goes by an option: `mcpjwt secret generate --to PLACE`
        $ mcpjwt secret export main
        error: a word of 4 characters is one too many
        hint: one key of several is named by an option: `mcpjwt secret export --kid KID`
        $ mcpjwt doctor all
        error: a word of 3 characters is one too many
        hint: it looks at everything: `mcpjwt doctor`
        $ mcpjwt jwks issuer.pem
        error: a word of 10 characters is one too many
        hint: the place of a key is named by an option: `mcpjwt jwks --key PLACE`
        $ mcpjwt init here
        error: a word of 4 characters is one too many
        hint: another file is named by an option: `mcpjwt init --to FILE`
        $ mcpjwt completions
        error: `SHELL` is missing
        hint: name a shell: `mcpjwt completions bash`
    "#]].assert_eq(&shown);
}

#[test]
fn nothing_typed_is_repeated() {
    let commands = [
        "issue --sub a",
        "verify",
        "decode",
        "expiry",
        "secret generate",
        "secret list",
        "secret export",
        "secret import --from file:k",
        "secret prune",
        "jwks",
        "completions bash",
        "man",
        "secret",
        "",
    ];
    let options = [
        "sub",
        "iss",
        "aud",
        "ttl",
        "exp",
        "nbf",
        "at",
        "scope",
        "role",
        "name",
        "quota",
        "client-id",
        "claim",
        "claims-file",
        "jti",
        "typ",
        "kid",
        "alg",
        "pair",
        "refresh-ttl",
        "to",
        "format",
        "env",
        "force",
        "no-record",
        "dry-run",
        "key",
        "key-encoding",
        "jwks",
        "previous",
        "expect",
        "require",
        "max-age",
        "leeway",
        "signature-only",
        "allow-weak-key",
        "strict",
        "exact",
        "batch",
        "within",
        "require-exp",
        "bytes",
        "store",
        "print",
        "encoding",
        "public",
        "from",
        "yes",
        "json",
        "quiet",
        "color",
        "secret",
        "password",
        "token",
    ];
    // A claim, a name or an id is meant to be shown; a kid that does not exist is not.
    let meant = [
        "sub",
        "iss",
        "aud",
        "scope",
        "role",
        "name",
        "client-id",
        "jti",
        "env",
    ];
    let mut spots: Vec<Vec<String>> = vec![
        vec![MARKER.into()],
        vec![MARKER.into(), MARKER.into()],
        vec![format!("--{MARKER}")],
        vec![format!("--{MARKER}=x")],
        vec![format!("-{MARKER}")],
        vec![format!("-q{MARKER}")],
        vec!["--".into(), MARKER.into(), MARKER.into()],
        vec![format!("{MARKER}=x")],
        vec![format!("--key:{MARKER}")],
        vec!["--claim".into(), format!("exp={MARKER}")],
        vec!["--claim".into(), format!("x:={MARKER}")],
        vec!["--expect".into(), format!("x:={{{MARKER}")],
    ];
    for option in options {
        if meant.contains(&option) {
            continue;
        }
        spots.push(vec![format!("--{option}"), MARKER.into()]);
        spots.push(vec![format!("--{option}={MARKER}")]);
        spots.push(vec![format!("--{option}"), format!("5{MARKER}")]);
        spots.push(vec![format!("--{option}"), format!("-{MARKER}")]);
        spots.push(vec![format!("--{option}{MARKER}")]);
    }
    for command in commands {
        for (at, spot) in spots.iter().enumerate() {
            // Before the command only the words that are no option of it are of interest.
            for before in [false, true] {
                if before && at >= 12 {
                    continue;
                }
                let mut words = vec!["mcpjwt".to_owned()];
                let command = command.split_whitespace().map(str::to_owned);
                if at % 2 == 1 {
                    words.push("--json".to_owned());
                }
                if before {
                    words.extend(spot.iter().cloned().chain(command));
                } else {
                    words.extend(command.chain(spot.iter().cloned()));
                }
                let mut room = with_key();
                let shown = room.run_words(&words);
                let said = shown.stdout + &shown.stderr;
                assert!(!said.contains(MARKER), "{words:?}: {said}");
            }
        }
    }
}
