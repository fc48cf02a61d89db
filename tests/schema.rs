//! `schema/mcpjwt.schema.json` says what the tables of the manifest's keys say;
//! `UPDATE_EXPECT=1 cargo test` writes it anew.

use expect_test::expect_file;
use mcpjwt::json::Json;
use mcpjwt::manifest::{DESTINATION, Key, Kind, MANIFEST, TOKEN};

/// A member of an object.
type Member = (&'static str, Json);

#[test]
fn the_schema_is_up_to_date() {
    let mut whole = object(MANIFEST, &[]);
    let head = [
        ("$schema", "http://json-schema.org/draft-07/schema#".into()),
        ("title", "mcpjwt.toml".into()),
        (
            "description",
            "The tokens of a project, for `mcpjwt sync`.".into(),
        ),
    ];
    whole.splice(0..0, head);
    whole.push((
        "definitions",
        json(vec![
            ("token", json(object(TOKEN, &["sub"]))),
            (
                "destination",
                json(
                    [
                        object(DESTINATION, &[]),
                        vec![(
                            "anyOf",
                            vec![needs(&["place"]), needs(&["client", "server"])].into(),
                        )],
                    ]
                    .concat(),
                ),
            ),
        ]),
    ));
    let text = format!("{}\n", json(whole).pretty());
    expect_file!["../schema/mcpjwt.schema.json"].assert_eq(&text);
}

fn json(members: Vec<Member>) -> Json {
    Json::Object(
        members
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

/// A table with these keys and no others.
fn object(keys: &'static [Key], required: &[&str]) -> Vec<Member> {
    let properties = keys
        .iter()
        .map(|key| {
            let about = ("description", Json::from(key.about));
            (key.name, json([vec![about], shape(key.kind)].concat()))
        })
        .collect();
    let mut members = vec![
        ("type", "object".into()),
        ("additionalProperties", false.into()),
        ("properties", json(properties)),
    ];
    if !required.is_empty() {
        members.push(("required", words(required)));
    }
    members
}

fn needs(names: &[&str]) -> Json {
    json(vec![("required", words(names))])
}

fn words(words: &[&str]) -> Json {
    Json::from(
        words
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<_>>(),
    )
}

fn string() -> Vec<Member> {
    vec![("type", "string".into()), ("minLength", 1usize.into())]
}

fn matching(pattern: &str) -> Vec<Member> {
    vec![("type", "string".into()), ("pattern", pattern.into())]
}

fn list(items: Json, least: usize) -> Vec<Member> {
    let mut members = vec![("type", "array".into()), ("items", items)];
    if least > 0 {
        members.push(("minItems", least.into()));
    }
    members
}

fn one_of(members: Vec<Vec<Member>>) -> Vec<Member> {
    let members: Vec<Json> = members.into_iter().map(json).collect();
    vec![("anyOf", members.into())]
}

fn reference(name: &str) -> Vec<Member> {
    vec![("$ref", format!("#/definitions/{name}").into())]
}

fn shape(kind: Kind) -> Vec<Member> {
    match kind {
        Kind::Text => string(),
        Kind::Name => matching("^[A-Za-z0-9._-]+$"),
        Kind::Variable => matching("^[A-Za-z_][A-Za-z0-9_]*$"),
        Kind::Texts => one_of(vec![string(), list(json(string()), 1)]),
        Kind::Scopes => one_of(vec![
            vec![("type", "string".into())],
            list(json(matching("^\\S+$")), 0),
        ]),
        Kind::Duration => matching("^([0-9]+(s|m|h|d|w|mo|y))+$"),
        Kind::Time => matching("^[0-9]{4}-"),
        Kind::Place => matching("^[a-z0-9-]+[:/]"),
        Kind::Word(words) => vec![("enum", self::words(&words()))],
        Kind::Url => matching("^https?://\\S+$"),
        Kind::Command => list(json(vec![("type", "string".into())]), 1),
        Kind::Claims => vec![("type", "object".into())],
        Kind::Roles => {
            let scopes = json(list(json(matching("^\\S+$")), 0));
            vec![("type", "object".into()), ("additionalProperties", scopes)]
        }
        Kind::Tokens => list(json(reference("token")), 0),
        Kind::Destinations => {
            let one = one_of(vec![shape(Kind::Place), reference("destination")]);
            list(json(one), 0)
        }
    }
}
