use super::*;

fn record(event: Event, places: &[&str]) -> Record {
    Record {
        version: VERSION,
        at: 100,
        event,
        jti: "j".into(),
        sub: "s".into(),
        iss: "i".into(),
        aud: vec!["a".into()],
        kid: "k".into(),
        iat: 95,
        exp: Some(200),
        to: None,
        until: None,
        count: None,
        last: None,
        issuers: None,
        made: BTreeMap::new(),
        refers: BTreeMap::new(),
        seals: BTreeMap::new(),
        over: Vec::new(),
        run: None,
        reason: None,
        places: places.iter().map(|&place| place.to_owned()).collect(),
    }
}

#[test]
fn a_line_is_read_back() {
    let issued = record(Event::Issued, &["file:/x"]);
    let line = issued.line().unwrap();
    assert_eq!(
        line,
        concat!(
            r#"{"version":1,"at":100,"event":"issued","jti":"j","sub":"s","iss":"i","aud":["a"],"#,
            r#""kid":"k","iat":95,"exp":200,"places":["file:/x"]}"#,
            "\n"
        )
    );
    assert_eq!(read(line.as_bytes()).records, [issued]);
}

#[test]
fn damage_is_set_aside_and_a_newer_version_noticed() {
    let good = record(Event::Installed, &["file:/x", "file:/x"])
        .line()
        .unwrap();
    let text = format!("{good}{{\"version\":1,\"at\n\n{good}{{\"version\":2,\"what\":1}}\n");
    let ledger = read(text.as_bytes());
    assert_eq!(ledger.records.len(), 2);
    assert_eq!(ledger.damaged, [2]);
    assert!(ledger.newer);
    assert_eq!(live(&ledger), ["file:/x"]);
}

#[test]
fn of_a_line_that_nobody_asks_for_nothing_is_kept_but_its_damage() {
    let lines = [Event::Issued, Event::Installed, Event::Rotating].map(|event| Record {
        jti: format!("\"{}\"", event.name()),
        ..record(event, &["file:/x"])
    });
    let mut text: Vec<String> = lines.iter().map(|line| line.line().unwrap()).collect();
    text.insert(1, "{\"version\":1,\"event\":\"issued\"}\n".to_owned());
    let kept = |wants: &mut dyn FnMut(&Brief<'_>) -> bool| {
        let mut reading = Reading::default();
        for line in text.concat().lines() {
            if let Some(record) = reading.line(line.as_bytes(), wants) {
                reading.keep(record);
            }
        }
        let ledger = reading.done();
        assert_eq!(ledger.damaged, [2]);
        ledger.records
    };
    let [issued, installed, rotating] = lines;
    assert_eq!(kept(&mut |it| it.is_of_places()), [installed]);
    assert_eq!(kept(&mut |it| it.is_of_rotation()), [rotating]);
    assert_eq!(
        kept(&mut |it| it.jti == issued.jti),
        std::slice::from_ref(&issued)
    );
    assert_eq!(kept(&mut |_| false), []);
    let seen = kept(&mut |it| it.traits().jti == Some("\"issued\""));
    assert_eq!(seen, [issued]);
}

#[test]
fn what_is_left_of_a_place_is_the_others() {
    let made = |leaves: &[&str], top: &str| Made {
        absent: top.is_empty(),
        leaves: leaves.iter().map(|&leaf| leaf.to_owned()).collect(),
        tops: vec![Top {
            at: top.to_owned(),
            seam: None,
        }],
        ..Made::default()
    };
    #[rustfmt::skip]
    let cases = [
        // what was made for the first, for the second, and what the second has in the end
        (made(&["/h/A"], "/h"),       made(&["/h/B"], "/h/B"), vec!["/h", "/h/B"],         &["/h", "/h/B"][..]),
        (made(&["/u", "/h/A"], ""),   made(&["/h/B"], "/h/B"), vec!["/u", "/h", "/h/B"],   &["", "/h/B"]),
        (made(&["/h/A"], "/h"),       made(&["/hi/B"], "/hi"), vec!["/hi/B"],              &["/hi"]),
    ];
    for (first, second, leaves, tops) in cases {
        for (one, two) in [
            ("json:/y#/h/A", "json:/y#/h/B"),
            ("toml:/y#h.A", "toml:/y#h.\"B\""),
        ] {
            let mut installed = record(Event::Installed, &[one, two]);
            installed.made.insert(one.into(), first.clone());
            installed.made.insert(two.into(), second.clone());
            let ledger = Ledger {
                records: vec![installed, record(Event::Uninstalled, &[one])],
                ..Ledger::default()
            };
            let left = ledger.installed()[0].made.clone().unwrap();
            let at: Vec<&str> = left.tops.iter().map(|top| top.at.as_str()).collect();
            assert_eq!(
                (
                    left.leaves.iter().map(String::as_str).collect::<Vec<_>>(),
                    &at[..]
                ),
                (leaves.clone(), tops),
                "{one}"
            );
            assert_eq!(left.absent, at.contains(&""), "{one}");
        }
    }
}

#[test]
fn what_was_put_somewhere_is_known_again() {
    let mut record = record(Event::Installed, &["json:/y#/a", "file:/x"]);
    record.refers = BTreeMap::from([("json:/y#/a".to_owned(), "${TOKEN}".to_owned())]);
    record.seals = BTreeMap::from([("file:/x".to_owned(), seal([7; 16], b"hunter2"))]);
    let line = record.line().unwrap();
    assert!(!line.contains("hunter2"), "{line}");
    let read = read(line.as_bytes()).records.remove(0);
    #[rustfmt::skip]
    let cases = [
        ("json:/y#/a", "${TOKEN}", true),
        ("json:/y#/a", "${OTHER}", false),
        ("json:/y#/b", "${TOKEN}", false),
        ("file:/x",    "hunter2",  true),
        ("file:/x",    "hunter3",  false),
        ("json:/y#/a", "hunter2",  false),
    ];
    for (place, value, want) in cases {
        assert_eq!(read.knows(place, value.as_bytes()), want, "{place} {value}");
    }
}

#[test]
fn what_came_in_place_of_another_has_what_was_made_for_that() {
    let made = |leaves: &[&str], tops: &[&str]| Made {
        leaves: leaves.iter().map(|&leaf| leaf.to_owned()).collect(),
        tops: tops
            .iter()
            .map(|&at| Top {
                at: at.to_owned(),
                seam: None,
            })
            .collect(),
        ..Made::default()
    };
    let (token, command) = ("json:/y#/n/env/T", "json:/y#/n/command");
    let mut first = record(Event::Installed, &[token]);
    first.made = BTreeMap::from([(token.to_owned(), made(&["/n/command", "/n/env/T"], &["/n"]))]);
    let mut second = record(Event::Installed, &[command]);
    second.made = BTreeMap::from([(command.to_owned(), made(&["/n/args/0"], &["/n/args"]))]);
    second.refers = BTreeMap::from([(command.to_owned(), "/bin/mcpjwt".to_owned())]);
    second.over = vec![token.to_owned(), "json:/y#/never".to_owned()];
    let mut third = record(Event::Installed, &[token]);
    third.made = BTreeMap::from([(token.to_owned(), made(&["/n/env/T"], &["/n/env"]))]);
    third.over = vec![command.to_owned()];
    let mut ledger = Ledger {
        records: vec![first, second],
        ..Ledger::default()
    };
    assert_eq!(live(&ledger), [command]);
    let left = made(&["/n/command", "/n/env", "/n/args/0"], &["/n", "/n/args"]);
    assert_eq!(ledger.installed()[0].made, Some(left));

    // The command is there still, only not in its wrapping.
    ledger.records.push(third);
    assert_eq!(live(&ledger), [token]);
    let left = made(
        &["/n/command", "/n/env", "/n/args/0", "/n/env/T"],
        &["/n", "/n/args", "/n/env"],
    );
    assert_eq!(ledger.installed()[0].made, Some(left));
}

fn live(ledger: &Ledger) -> Vec<&str> {
    ledger.installed().iter().map(|one| one.place).collect()
}

#[test]
fn what_is_installed_is_what_was_not_taken_out() {
    let made = |leaf: &str| Made {
        leaves: vec![leaf.to_owned()],
        ..Made::default()
    };
    let mut first = record(Event::Installed, &["file:/x", "json:/y#/a"]);
    first.made.insert("json:/y#/a".into(), made("/a"));
    let mut ledger = Ledger {
        records: vec![
            record(Event::Issued, &["file:/w"]),
            first,
            record(Event::Installed, &["json:/y#/a", "file:/z"]),
            record(Event::Uninstalled, &["file:/x", "file:/never"]),
        ],
        ..Ledger::default()
    };
    assert_eq!(live(&ledger), ["json:/y#/a", "file:/z"]);
    assert_eq!(ledger.installed()[0].made, Some(made("/a")));
    ledger
        .records
        .push(record(Event::Uninstalled, &["json:/y#/a"]));
    ledger
        .records
        .push(record(Event::Installed, &["json:/y#/a"]));
    assert_eq!(live(&ledger), ["file:/z", "json:/y#/a"]);
    assert_eq!(ledger.installed()[1].made, None);
}

#[test]
fn a_rotation_is_of_a_place_and_ends() {
    let line = |event, at, kid: &str, place: &str| Record {
        at,
        jti: String::new(),
        kid: kid.to_owned(),
        until: Some(at + 100),
        ..record(event, &[place])
    };
    let mut ledger = Ledger::default();
    let told = |ledger: &Ledger| {
        let last = ledger.rotation("file:/k");
        last.map(|last| (last.at, last.from, last.until, last.ended))
    };
    let want = |at: i64, from: &str, ended| Some((at, from.to_owned(), Some(at + 100), ended));
    ledger.records.push(line(Event::Issued, 1, "a", "file:/k"));
    ledger
        .records
        .push(line(Event::Rotating, 2, "a", "file:/other"));
    assert_eq!(told(&ledger), None);
    ledger
        .records
        .push(line(Event::Rotating, 3, "a", "file:/k"));
    ledger
        .records
        .push(line(Event::Rotated, 4, "a", "file:/other"));
    assert_eq!(told(&ledger), want(3, "a", false));
    ledger.records.push(line(Event::Rotated, 5, "a", "file:/k"));
    assert_eq!(told(&ledger), want(3, "a", true));
    ledger
        .records
        .push(line(Event::Rotating, 6, "b", "file:/k"));
    assert_eq!(told(&ledger), want(6, "b", false));
    assert_eq!(ledger.installed(), []);
}

#[test]
fn each_token_of_a_key_is_told_once() {
    let batch = Record {
        kid: "k".into(),
        run: Some("r".into()),
        ..Record::new(Event::Issued, 5)
    };
    let without_id = Record {
        jti: String::new(),
        ..record(Event::Installed, &["file:/y"])
    };
    let ledger = Ledger {
        records: vec![
            record(Event::Issued, &[]),
            record(Event::Installed, &["file:/x"]),
            Record {
                jti: "other".into(),
                kid: "l".into(),
                ..record(Event::Issued, &[])
            },
            record(Event::Rotating, &["file:/k"]),
            batch.clone(),
            Record {
                event: Event::Revoked,
                ..batch.clone()
            },
            without_id.clone(),
            Record {
                at: 9,
                ..without_id.clone()
            },
        ],
        ..Ledger::default()
    };
    let want = [record(Event::Issued, &[]), batch, without_id];
    assert_eq!(ledger.signed_with("k"), want.iter().collect::<Vec<_>>());
}

#[test]
fn the_beginning_and_the_end_of_a_batch_are_one_record() {
    let batch = |run: &str, count: Option<u64>| Record {
        run: Some(run.to_owned()),
        count,
        exp: Some(if count.is_some() { 2000 } else { 1000 }),
        ..Record::new(Event::Issued, 5)
    };
    let until = |exp: i64, batch: Record| Record {
        exp: Some(exp),
        ..batch
    };
    let token = Record {
        jti: "r1-1".to_owned(),
        ..batch("r1", None)
    };
    let revoked = Record {
        event: Event::Revoked,
        ..batch("r1", None)
    };
    let all = [
        batch("r1", None),
        token.clone(),
        batch("r2", None),
        revoked.clone(),
        until(5000, batch("r1", None)),
        until(3000, batch("r2", None)),
        batch("r1", Some(7)),
        until(4000, batch("r1", None)),
        until(2500, batch("r2", None)),
    ];
    let text: String = all.iter().map(|record| record.line().unwrap()).collect();
    let r2 = until(3000, batch("r2", None));
    let want = [batch("r1", Some(7)), token, r2, revoked];
    assert_eq!(read(text.as_bytes()).records, want);
}
