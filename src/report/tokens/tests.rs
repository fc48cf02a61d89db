use super::*;

const CLOCK: Clock = Clock {
    now: 1000,
    local_offset: |_| 0,
};

#[test]
fn what_a_token_holds_is_shown_up_to_a_length() {
    let long = "x".repeat(60_000);
    let verdict = |code, claim: Option<&str>, found: &str| Verdict {
        header: None,
        claims: Some(Json::object([("sub", long.as_str().into())])),
        key: None,
        checked: Vec::new(),
        not_checked: Vec::new(),
        failures: vec![Failure {
            code,
            claim: claim.map(str::to_owned),
            found: found.to_owned(),
            expected: found.to_owned(),
            at: None,
        }],
        warnings: Vec::new(),
    };
    #[rustfmt::skip]
    let cases = [
        (Code::ClaimMismatch, Some("aud")),
        (Code::ClaimMismatch, Some(&long[..])),
        (Code::ClaimMissing,  Some("scope")),
        (Code::AlgNotAllowed, Some("alg")),
        (Code::KeyNotFound,   Some("kid")),
        (Code::Expired,       Some("exp")),
    ];
    for (code, claim) in cases {
        let errors = verdict_errors(&verdict(code, claim, &long), &[], CLOCK);
        let length = errors[0].message.len();
        assert!(length < 800, "{code:?}: {length}");
    }
    for (length, want) in [
        (200, "x".repeat(200)),
        (201, format!("{}...", "x".repeat(200))),
    ] {
        assert_eq!(short(&long[..length]), want);
    }
}

#[test]
fn what_was_found_out_is_one_hint() {
    let finding = |what: &str, claim: Option<&str>| Finding {
        what: what.to_owned(),
        hint: None,
        claim: claim.map(str::to_owned),
    };
    let failure = |code, claim: Option<&str>| Failure {
        code,
        claim: claim.map(str::to_owned),
        found: String::new(),
        expected: "do this".to_owned(),
        at: None,
    };
    let verdict = Verdict {
        header: None,
        claims: None,
        key: None,
        checked: Vec::new(),
        not_checked: Vec::new(),
        failures: vec![
            failure(Code::KeyWeak, None),
            failure(Code::ClaimMismatch, Some("aud")),
            failure(Code::ClaimMismatch, Some("iss")),
        ],
        warnings: Vec::new(),
    };
    let findings = [
        finding("one", None),
        finding("two", Some("aud")),
        finding("three", Some("sub")),
    ];
    let hints: Vec<Option<String>> = verdict_errors(&verdict, &findings, CLOCK)
        .into_iter()
        .map(|error| error.hint)
        .collect();
    let want = [
        Some("do this; one; three".to_owned()),
        Some("two".to_owned()),
        None,
    ];
    assert_eq!(hints, want);
}
