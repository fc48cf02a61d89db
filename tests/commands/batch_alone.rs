//! A line of a batch gives the bytes that `mcpjwt issue` gives for the same alone.

use crate::support::{NOW, Sandbox};
use crate::with_key;

/// A room with keys whose signatures are the same each time; `x` was revoked this very second.
fn room() -> Sandbox {
    let mut room = with_key()
        .file("ed", include_str!("../keys/ed25519.pkcs8.pem"))
        .file("rsa", include_str!("../keys/rsa2048.pkcs8.pem"))
        .file("claims", r#"{"team":{"id":1.50},"tags":["a","b"]}"#);
    assert_eq!(room.run_raw("mcpjwt revoke --sub x --no-record").code, 0);
    room
}

#[test]
fn a_token_of_a_batch_has_the_bytes_that_it_has_alone() {
    #[rustfmt::skip]
    let cases: &[(&str, &str, &[&str], &[&str])] = &[
        // form, options of all, lines (those of CSV below their names), and each of them as options
        ("subjects", "",
            &["a", "b@example.com", "c d"],
            &["--sub a", "--sub b@example.com", "--sub 'c d'"]),
        ("subjects", "--iss https://i.example",
            &["ü\"q\\", "日本 🦀", "/<&>"],
            &["--sub 'ü\"q\\'", "--sub '日本 🦀'", "--sub '/<&>'"]),
        ("subjects", "--aud https://a --aud b --scope r --scope w:x",
            &["a", "b"],
            &["--sub a", "--sub b"]),
        ("subjects", "--typ at+jwt --client-id c --role dev --name 'N \"N\"' --quota 5",
            &["a"],
            &["--sub a"]),
        ("subjects", "--claim plan=gold --claim limits:='{\"rpm\":6e1,\"of\":[1,null]}' --claims-file file:claims",
            &["a"],
            &["--sub a"]),
        ("subjects", "--ttl 90d",
            &["a", "b"],
            &["--sub a", "--sub b"]),
        ("subjects", "--exp 2026-01-01 --nbf 2025-12-01T00:00:00+01:00",
            &["a", "b"],
            &["--sub a", "--sub b"]),
        ("subjects", "--exp +90s --nbf +10s",
            &["a", "b"],
            &["--sub a", "--sub b"]),
        ("subjects", "--role dev",
            &["a", "x", "b"],
            &["--sub a", "--sub x", "--sub b"]),
        ("csv", "--iss i --ttl 1h",
            &["sub", "x", "\"b, \"\"c\"\"\"", "a"],
            &["--sub x", "--sub 'b, \"c\"'", "--sub a"]),
        ("csv", "",
            &["role,aud,sub,quota,exp,nbf,limits:,iss,scope",
              ",,a,,,,,,",
              "admin,https://a,b,5,1763787600,1763784060,\"{\"\"rpm\"\":60}\",j,r w"],
            &["--sub a",
              "--sub b --role admin --aud https://a --quota 5 --exp 1763787600 --nbf 1763784060 --claim limits:='{\"rpm\":60}' --iss j --scope 'r w'"]),
        ("csv", "",
            &["sub,client_id,team,seen:", "a,c,search,true"],
            &["--sub a --client-id c --claim team=search --claim seen:=true"]),
        ("jsonl", "--ttl 36h",
            &[r#"{"sub":"x"}"#,
              r#"{"sub":"a","aud":["x","y"],"team":{"id":1,"of":["é"]}}"#,
              r#" { "aud" : "z" , "sub" : "\u0062\/" , "iss" : "j" } "#],
            &["--sub x",
              r#"--sub a --aud x --aud y --claim team:='{"id":1,"of":["é"]}'"#,
              "--sub b/ --aud z --iss j"]),
        ("jsonl", "--typ at+jwt",
            &[r#"{"client_id":"c","role":"r","name":"n","quota":7,"exp":1763870000,"nbf":1763784000,"scope":"s t","sub":"a"}"#],
            &["--sub a --client-id c --role r --name n --quota 7 --exp 1763870000 --nbf 1763784000 --scope s --scope t"]),
    ];
    for (form, options, lines, alone) in cases {
        // So many seconds pass before each line; `x` comes while its `iat` is not yet the usual one.
        let pace = 2;
        let lines: Vec<String> = lines.iter().map(|line| format!("{line}\n")).collect();
        let pieces = lines.iter().map(|line| (pace, line.as_str()));
        let pieces: Vec<(i64, &str)> = pieces.collect();
        for key in ["file:k", "file:k --alg HS512", "file:ed", "file:rsa"] {
            let both = format!("mcpjwt issue --key {key} {options}");
            let from = format!("{both} --from - --input {form}");
            let batch = room().slow_stdin(&pieces).run_raw(&from);
            let (_, run) = batch.stderr.trim_end().rsplit_once("--run ").unwrap();
            let run = run.trim_end_matches('`');
            let json = room()
                .slow_stdin(&pieces)
                .run_raw(&format!("{from} --json"));
            let answers = batch.stdout.lines().zip(json.stdout.lines());
            let answers: Vec<(&str, &str)> = answers.collect();
            assert_eq!(answers.len(), alone.len(), "{from}: {}", batch.stderr);
            let names = lines.len() - alone.len();
            let numbers = (1_i64..).skip(names);
            for (number, (line, (token, document))) in numbers.zip(alone.iter().zip(answers)) {
                let at = NOW + pace * number;
                let line = format!("{both} {line} --jti {run}-{number} --at {at}");
                let want = room().run_raw(&line);
                assert_eq!(want.code, 0, "{line}: {}", want.stderr);
                assert_eq!(token, want.stdout.trim_end(), "{line}");
                let told = format!(r#""token":"{token}""#);
                assert!(document.contains(&told), "{line}: {document}");
            }
        }
    }
}
