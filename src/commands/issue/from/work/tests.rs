use proptest::prelude::*;

use super::*;
use crate::key::KeySet;
use crate::secret::Secret;
use crate::state::revocations::{Entry, Revocations, What};
use crate::token::Point;

fn template(sub: &str, role: Option<Json>) -> Template {
    let rest = role.map(|role| ("role".to_owned(), role));
    Template {
        typ: "JWT".to_owned(),
        iss: "i".to_owned(),
        sub: sub.to_owned(),
        aud: vec!["a".to_owned()],
        times: Times::of(1000, None, 2000),
        jti: None,
        scope: None,
        kind: None,
        rest: rest.into_iter().collect(),
    }
}

fn plan(set: &KeySet, base: Template, form: Form) -> Plan<'_> {
    Plan {
        form,
        is_told: true,
        columns: Columns::read("sub").ok(),
        base,
        run: "run".to_owned(),
        kid: Some(set.keys[0].kid()),
        seal: Some(Seal {
            header: Json::object([("alg", "HS256".into()), ("typ", "JWT".into())]),
            key: &set.keys[0],
            alg: Algorithm::HS256,
        }),
        course: Course {
            as_of: None,
            nbf: None,
            exp: Point::At(2000),
        },
        json: false,
        records: None,
    }
}

/// What comes out for a line, by a worker of this plan.
fn one(plan: &Plan<'_>, number: u64, line: &str) -> Result<String, String> {
    let mut worker = Worker::new(plan).unwrap();
    worker.begin(&Moment {
        now: 1000,
        ..Moment::default()
    });
    let mut answer = Answer::default();
    worker.line(number, line.as_bytes(), &mut answer)?;
    Ok(String::from_utf8(answer.out).unwrap())
}

#[test]
fn what_was_revoked_of_others_slows_nobody_down() {
    let secret = Secret::from("8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d");
    let set = KeySet::read(&secret, None).unwrap();
    let plan = plan(&set, template("", None), Form::Subjects);
    let mut worker = Worker::new(&plan).unwrap();
    let subject = |sub: &str| Entry {
        what: What::Subject {
            iss: Some("i".to_owned()),
            sub: sub.to_owned(),
        },
        until: Some(997),
        at: 997,
        exp: None,
        reason: None,
    };
    let mut revoked = Revocations::default();
    revoked.add(subject("x"));
    worker.begin(&Moment {
        now: 1000,
        revoked: Arc::new(revoked.clone()),
    });
    let quick = worker.quick.as_ref().unwrap();
    assert!(quick.stencil("y").is_some() && quick.stencil("x").is_none());
    // The usual `iat` is 995.
    for (sub, iat) in [("x", 998), ("y", 995)] {
        let mut answer = Answer::default();
        worker.line(7, sub.as_bytes(), &mut answer).unwrap();
        assert!(worker.claims.contains(&format!("\"iat\":{iat},")), "{sub}");
    }
    let key = What::Key {
        kid: set.keys[0].kid().to_owned(),
    };
    revoked.add(Entry {
        what: key,
        until: None,
        ..subject("")
    });
    worker.begin(&Moment {
        now: 1000,
        revoked: Arc::new(revoked),
    });
    assert!(worker.quick.is_none());
    assert!(worker.line(8, b"y", &mut Answer::default()).is_err());
}

proptest! {
    #[test]
    fn a_token_of_a_batch_has_the_bytes_that_it_has_alone(
        sub in "\\PC{1,20}|[a-z\"\\\\,]{1,9}",
        role in prop::option::of("\\PC{0,9}"),
        number in 2_u64..1_000_000_000,
        form in prop::sample::select(vec![Form::Subjects, Form::Csv, Form::Jsonl]),
    ) {
        prop_assume!(!sub.trim().is_empty());
        let secret = Secret::from("8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d");
        let set = KeySet::read(&secret, None).unwrap();
        let template = template(&sub, role.map(Json::from));
        let plan = plan(&set, Template { sub: String::new(), ..template.clone() }, form);
        let line = match form {
            Form::Subjects => sub.clone(),
            Form::Csv => format!("\"{}\"", sub.replace('"', "\"\"")),
            Form::Jsonl => Json::object([("sub", sub.as_str().into())]).to_string(),
        };
        let seal = plan.seal.as_ref().unwrap();
        let signer = Signer::new(seal.key, seal.alg).unwrap();
        let alone = token::sign(&seal.header, &template.claims(&format!("run-{number}")), &signer);
        let alone = alone.unwrap().expose_str().unwrap().to_owned();
        prop_assert_eq!(one(&plan, number, &line), Ok(alone + "\n"));
    }
}
