//! The times of `mcpjwt issue`.

use expect_test::expect;

use crate::{runs, token, with_key};

#[test]
fn times_of_the_options_and_of_the_environment() {
    let cases = [
        ("", None),
        ("--ttl 90d", None),
        ("--ttl 1h30m", None),
        ("", Some("2d")),
        ("--exp 2026-01-01", Some("2d")),
        ("--exp +7d --nbf +1h", None),
        ("--at 2025-01-01 --ttl 1y", None),
        ("--at -1h", None),
    ];
    let mut text = String::new();
    for (options, env) in cases {
        let mut room = with_key();
        if let Some(ttl) = env {
            room = room.env("MCPJWT_TTL", ttl);
        }
        let token = token(&mut room, options);
        let shown = room.run_raw(&format!("mcpjwt decode {token}"));
        let times: String = shown
            .stdout
            .lines()
            .filter(|line| {
                ["  iat", "  exp", "  nbf"]
                    .iter()
                    .any(|t| line.starts_with(t))
            })
            .map(|line| format!("{line}\n"))
            .collect();
        text.push_str(&format!("{options} {env:?}\n{times}"));
    }
    expect![[r#"
         None
          iat  2025-11-22 03:59:55 +00:00 (5 s ago)
          exp  2025-11-23 04:00:00 +00:00 (in 24 h)
        --ttl 90d None
          iat  2025-11-22 03:59:55 +00:00 (5 s ago)
          exp  2026-02-20 04:00:00 +00:00 (in 90 d)
        --ttl 1h30m None
          iat  2025-11-22 03:59:55 +00:00 (5 s ago)
          exp  2025-11-22 05:30:00 +00:00 (in 90 min)
         Some("2d")
          iat  2025-11-22 03:59:55 +00:00 (5 s ago)
          exp  2025-11-24 04:00:00 +00:00 (in 2 d)
        --exp 2026-01-01 Some("2d")
          iat  2025-11-22 03:59:55 +00:00 (5 s ago)
          exp  2026-01-01 00:00:00 +00:00 (in 40 d)
        --exp +7d --nbf +1h None
          iat  2025-11-22 03:59:55 +00:00 (5 s ago)
          exp  2025-11-29 04:00:00 +00:00 (in 7 d)
          nbf  2025-11-22 05:00:00 +00:00 (in 60 min)
        --at 2025-01-01 --ttl 1y None
          iat  2024-12-31 23:59:55 +00:00 (11 mo ago)
          exp  2026-01-01 00:00:00 +00:00 (in 40 d)
        --at -1h None
          iat  2025-11-22 02:59:55 +00:00 (60 min ago)
          exp  2025-11-23 03:00:00 +00:00 (in 23 h)
    "#]]
    .assert_eq(&text);
}

#[test]
fn times_that_make_no_sense() {
    let shown = runs(
        &mut with_key(),
        &[
            "mcpjwt issue --sub a --ttl 30",
            "mcpjwt issue --sub a --ttl 0s",
            "mcpjwt issue --sub a --ttl 30d --exp 2026-01-01",
            "mcpjwt issue --sub a --exp 2020-01-01",
            "mcpjwt issue --sub a --exp 1e100000000s",
            "mcpjwt issue --sub a --ttl 99999999999999999999y",
            "mcpjwt issue --sub a --ttl 9000y",
            "mcpjwt issue --sub a --nbf +2d",
            "mcpjwt issue --sub a --at 2025-13-01",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a --ttl 30
        --- stderr
        error: `--ttl`: `30` has no unit
        hint: write `30s`, `30m`, `30h` or `30d`
        --- exit 2
        $ mcpjwt issue --sub a --ttl 0s
        --- stderr
        error: the token would be expired from the start
        hint: choose a later `--exp`, or a longer `--ttl`
        --- exit 2
        $ mcpjwt issue --sub a --ttl 30d --exp 2026-01-01
        --- stderr
        error: `--ttl` cannot be used together with `--exp`
        hint: leave out one of the two
        --- exit 2
        $ mcpjwt issue --sub a --exp 2020-01-01
        --- stderr
        error: the token would be expired from the start
        hint: choose a later `--exp`, or a longer `--ttl`
        --- exit 2
        $ mcpjwt issue --sub a --exp 1e100000000s
        --- stderr
        error: `--exp`: a text of 12 characters is not a time
        hint: write `2026-11-22T03:00:00Z`, `2026-11-22`, unix seconds, `+7d` or `-1h`
        --- exit 2
        $ mcpjwt issue --sub a --ttl 99999999999999999999y
        --- stderr
        error: `--ttl`: `99999999999999999999y` is longer than 10000 years
        --- exit 2
        $ mcpjwt issue --sub a --ttl 9000y
        --- stderr
        error: the token would last beyond the year 9999
        hint: choose an earlier `--exp`, or a shorter `--ttl`
        --- exit 2
        $ mcpjwt issue --sub a --nbf +2d
        --- stderr
        error: `--nbf` lies at or after the end of the token
        hint: choose an earlier `--nbf` or a later `--exp`
        --- exit 2
        $ mcpjwt issue --sub a --at 2025-13-01
        --- stderr
        error: `--at`: `2025-13-01` is not a time
        hint: write `2026-11-22T03:00:00Z`, `2026-11-22`, unix seconds, `+7d` or `-1h`
        --- exit 2
    "#]]
    .assert_eq(&shown);
}
