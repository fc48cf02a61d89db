mod documents;

use super::*;
use crate::error::Error;
use proptest::prelude::*;
use proptest::sample::Index;

fn steps(at: &str) -> Vec<String> {
    jsonc::steps(at).unwrap_or_default()
}

fn set(at: &str, value: &str) -> Change {
    Change::Set {
        at: steps(at),
        value: Json::parse(value.as_bytes()).unwrap_or(Json::Null),
        make: Make::All,
    }
}

fn said<T>(result: Result<T, Error>) -> Result<T, String> {
    result.map_err(|error| error.message)
}

#[test]
fn what_was_made_is_taken_out_again() {
    use Format::{Json as J, Toml as T};
    #[rustfmt::skip]
    let cases = [
        (J, Some("{}")),
        (J, Some("{ }\n")),
        (J, Some("{\r\n\r\n}")),
        (J, Some("{ // c\n}")),
        (J, Some("{/* c */}")),
        (J, Some("{\"s\":{}}")),
        (J, Some("{ \"s\": {  } }")),
        (J, Some("{\n  \"s\": null, // c\n}\n")),
        (J, Some("{\n\t\"s\": {\n\t\t\"x\": 1, // c\n\t},\n}")),
        (J, Some("{\n  \"x\": 1 }")),
        (J, Some("{\n  \"x\": 1, }")),
        (J, Some("{\"x\": 1 /* c */ }")),
        (J, Some("{\"x\": 1\n// c\n,}")),
        (J, Some("")),
        (J, Some("\u{feff}")),
        (J, Some("// c")),
        (J, Some("// c\n\n")),
        (J, Some(" ")),
        (J, None),
        (T, Some("")),
        (T, Some("\u{feff}\r\n")),
        (T, Some("a = 1")),
        (T, Some("a = 1\n")),
        (T, Some("a = 1\n\n")),
        (T, Some("a = 1\r\n\r\n\r\n# c")),
        (T, Some("[s]")),
        (T, Some("[s.b]\nc = 1\n\n[t]\n")),
        (T, Some("[s.b]\nc = 1\n[t]\n")),
        (T, Some("s = {  }\n")),
        (T, Some("s = { a = 1 } # c\n")),
        (T, Some("s.a = 1\n")),
        (T, None),
    ];
    for (format, before) in cases {
        for (value, at) in [
            ("{\"u\": \"v\", \"h\": {\"A\": \"t\"}}", "/s/n/h/A"),
            ("{\"h\": {\"A\": \"t\"}}", "/s/n/h/A"),
            ("\"t\"", "/s/n"),
        ] {
            let after = said(format.apply(before.unwrap_or_default(), &[set("/s/n", value)]));
            let after = after.unwrap_or_else(|error| panic!("{before:?}: {error}"));
            let made = said(format.made(before, &after)).unwrap_or_default();
            let new = after.replace("\"t\"", "\"a longer one\"");
            let back = said(format.take_out(&new, &steps(at), made.as_ref()));
            assert_eq!(
                back.as_ref().map(Option::as_deref),
                Ok(before),
                "{new} {made:?}"
            );
        }
    }
}

#[test]
fn what_came_in_since_stays() {
    use Format::{Json as J, Toml as T};
    let entry = "{\"u\": \"v\", \"h\": {\"A\": \"t\"}}";
    #[rustfmt::skip]
    let cases = [
        // before, what was done since, what is left
        (J, Some("{\"s\": {}}"), "/s/m",   "1",   "{\"s\": {\"m\": 1}}"),
        (J, Some("{\"s\": {}}"), "/s/n/m", "1",   "{\"s\": {\"n\": {\"u\": \"v\", \"m\": 1}}}"),
        (J, Some("{\"s\": {}}"), "/s/n/u", "{\"m\": 1}", "{\"s\": {\"n\": {\"u\": {\"m\": 1}}}}"),
        (J, Some("{\"s\": {}}"), "/s/n/h/m", "1", "{\"s\": {\"n\": {\"u\": \"v\", \"h\": {\"m\": 1}}}}"),
        (J, Some("{\"s\": {}}"), "/s/n/h", "\"t\"", "{\"s\": {}}"),
        (J, Some("{\"s\": {}}"), "/s/n/h", "{}",  "{\"s\": {\"n\": {\"u\": \"v\", \"h\": {}}}}"),
        (J, Some("{}"),          "/m",     "1",   "{\n  \"m\": 1\n}"),
        (J, Some(""),            "/m",     "1",   "{\n  \"m\": 1\n}\n"),
        (J, None,                "/m",     "1",   "{\n  \"m\": 1\n}\n"),
        (T, None,                "/m",     "1",   "m = 1\n"),
        (T, Some("[s]\n"),       "/s/n/m", "1",   "[s]\n\n[s.n]\nu = \"v\"\nm = 1\n"),
        (T, Some("[s]\n"),       "/s/n/h/m", "1", "[s]\n\n[s.n]\nu = \"v\"\nh = { m = 1 }\n"),
        (T, Some("[s]\n"),       "/t/m",   "1",   "[s]\n\n[t]\nm = 1\n"),
    ];
    for (format, before, at, value, want) in cases {
        let after = format.apply(before.unwrap_or_default(), &[set("/s/n", entry)]);
        let after = said(after).unwrap_or_default();
        let made = said(format.made(before, &after)).unwrap_or_default();
        let changed = said(format.apply(&after, &[set(at, value)])).unwrap_or_default();
        let path = if at == "/s/n/h" && value == "\"t\"" {
            at
        } else {
            "/s/n/h/A"
        };
        let left = said(format.take_out(&changed, &steps(path), made.as_ref()));
        let want = if value == "{}" {
            changed.as_str()
        } else {
            want
        };
        assert_eq!(
            left.as_ref().map(Option::as_deref),
            Ok(Some(want)),
            "{changed}"
        );
    }
}

#[test]
fn without_a_record_the_value_goes_alone() {
    use Format::{Json as J, Toml as T};
    #[rustfmt::skip]
    let cases = [
        (J, "{\"s\": {\"n\": 1}}",   "/s/n",   "{\"s\": {}}"),
        (J, "{\"s\": [1, {}]}",      "/s/1",   "{\"s\": [1]}"),
        (J, "{\"s\": 1}",            "/n",     "{\"s\": 1}"),
        (J, "",                      "/n",     ""),
        (T, "[s]\nn = 1\n",          "/s/n",   "[s]\n"),
        (T, "[s.n]\nm = 1\n",        "/s/n",   ""),
        (T, "[s]\n\n[s.n]\nm = 1\n\n[t]\n", "/s/n", "[s]\n\n[t]\n"),
        (T, "[[s]]\nn = 1\n",        "/s/0",   ""),
        (T, "s.n.m = 1\n",           "/s/n/m", ""),
        (T, "s = { n.m = 1 }\n",     "/s/n/m", "s = {}\n"),
    ];
    for (format, text, at, want) in cases {
        let left = said(format.take_out(text, &steps(at), None));
        assert_eq!(
            left.as_ref().map(Option::as_deref),
            Ok(Some(want)),
            "{text} {at}"
        );
    }
}

#[test]
fn a_large_file_is_edited_at_once() {
    let many =
        |line: &'static str| (0..5_000).map(move |index| line.replace('@', &index.to_string()));
    let members: Vec<String> = many("    \"s@\": { \"url\": \"https://x/@\" }").collect();
    let tables: String = many("[s.\"s@\"]\nurl = 'https://x/@' # c\n\n").collect();
    let cases = [
        (
            Format::Json,
            format!("{{\n  \"s\": {{\n{}\n  }}\n}}\n", members.join(",\n")),
        ),
        (Format::Toml, tables),
    ];
    for (format, text) in cases {
        let start = std::time::Instant::now();
        let new = said(format.apply(&text, &[set("/s/new", "{\"url\": \"t\"}")]));
        let new = new.unwrap_or_default();
        let made = said(format.made(Some(&text), &new)).unwrap_or_default();
        let back = said(format.take_out(&new, &steps("/s/new/url"), made.as_ref()));
        assert!(back == Ok(Some(text)), "{format:?}");
        let took = start.elapsed();
        assert!(took.as_secs() < 30, "{format:?}: {took:?}");
    }
}

#[test]
fn nothing_nests_without_end() {
    let deep = |count: usize| {
        let (at, value) = (vec!["a".to_owned(); count], Json::Array(vec![Json::Null]));
        Change::Set {
            at,
            value,
            make: Make::All,
        }
    };
    for format in [Format::Json, Format::Toml] {
        let error = said(format.apply("", &[deep(64)]));
        assert_eq!(error, Err("an edit nests no deeper than 64".to_owned()));
    }
    assert!(Format::Json.apply("", &[deep(63)]).is_ok());
    let text = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let error = said(Format::Json.apply(&text, &[deep(1)]));
    assert_eq!(
        error,
        Err("line 1, column 513: maximum nesting depth exceeded".to_owned())
    );
    let error = said(Format::Toml.apply(&format!("x = {text}"), &[deep(1)]));
    assert!(error.is_err_and(|error| error.starts_with("line 1, column 85: ")));
}

#[test]
fn what_somebody_wrote_into_what_was_made_stays() {
    use Format::{Json as J, Toml as T};
    #[rustfmt::skip]
    let cases = [
        (J, None,             "{\"s\":{\"n\":{\"u\":1,\"t\":2}}}",               None),
        (J, None,             "// c\n{\"s\":{\"n\":{\"u\":1,\"t\":2}}}",         Some("// c\n{}")),
        (J, None,             "{\"s\":{\"n\":{\"u\":1, // c\n\"t\":2}}}",         Some("{\"s\":{\"n\":{\"u\":1 // c\n}}}")),
        (J, None,             "{\"s\":{\"n\":{\"u\":\"// c\",\"t\":2}}}",         None),
        (J, Some("{\"a\":1}"), "{\"a\":1,\"s\":{/* c */\"n\":{\"u\":1,\"t\":2}}}", Some("{\"a\":1,\"s\":{/* c */}}")),
        (T, None,             "[s.n]\nu = 1\nt = 2\n",                         None),
        (T, None,             "# c\n\n[s.n]\nu = 1\nt = 2\n",                  Some("# c\n")),
        (T, None,             "[s.n]\nu = 1 # c\nt = 2\n",                     Some("[s.n]\nu = 1 # c\n")),
        (T, None,             "[s.n]\nu = \"\"\"# \"\"\"\"\nt = '#'\n",           None),
        (T, Some("a = 1\n"),  "a = 1\n[s.n]\n# c\nu = 1\nt = 2\n",              Some("a = 1\n[s.n]\n# c\nu = 1\n")),
    ];
    for (format, before, text, want) in cases {
        let node = set("/s/n", "{\"u\": 1, \"t\": 2}");
        let new = said(format.apply(before.unwrap_or_default(), &[node]));
        let made = new.and_then(|new| said(format.made(before, &new)));
        let left =
            made.and_then(|made| said(format.take_out(text, &steps("/s/n/t"), made.as_ref())));
        assert_eq!(left.as_ref().map(Option::as_deref), Ok(want), "{text}");
    }
}

#[test]
fn a_debug_text_shows_no_value() {
    let changes = [
        set("/a~1b", "\"hunter2\""),
        Change::Append {
            at: steps("/c"),
            value: Json::from("hunter2"),
        },
    ];
    assert_eq!(format!("{changes:?}"), "[Set(/a~1b), Append(/c)]");
}

#[test]
fn an_element_in_front_comes_out_without_a_trace() {
    let at = vec!["a".to_owned()];
    #[rustfmt::skip]
    let cases = [
        (Format::Json, "{\"a\": [\"b\"]}",                    "{\"a\": [\"x\", \"b\"]}"),
        (Format::Json, "{\"a\":[ /* c */ 1,2 ]}",             "{\"a\":[ /* c */ \"x\",1,2 ]}"),
        (Format::Json, "{\"a\": [\n  // c\n  1, // d\n  2\n]}", "{\"a\": [\n  // c\n  \"x\",\n  1, // d\n  2\n]}"),
        (Format::Json, "{\r\n\t\"a\": [\r\n\t\t1,\r\n\t],\r\n}", "{\r\n\t\"a\": [\r\n\t\t\"x\",\r\n\t\t1,\r\n\t],\r\n}"),
        (Format::Json, "{\"a\": [1,\n  2]}",                  "{\"a\": [\"x\", 1,\n  2]}"),
        (Format::Json, "{\"a\": []}",                         "{\"a\": [\"x\"]}"),
        (Format::Toml, "a = ['b'] # c\n",                     "a = ['x', 'b'] # c\n"),
        (Format::Toml, "a = [ # c\n  1, # d\n  2,\n]\n",       "a = [ # c\n  \"x\",\n  1, # d\n  2,\n]\n"),
    ];
    for (format, before, want) in cases {
        let prepend = Change::Prepend {
            at: at.clone(),
            value: Json::from("x"),
        };
        let got = said(format.apply(before, &[prepend]));
        assert_eq!(got.as_deref(), Ok(want), "{before}");
        let remove = Change::Remove { at: steps("/a/0") };
        assert_eq!(said(format.apply(want, &[remove])).as_deref(), Ok(before));
    }
    let made = |text: &str| {
        let change = Change::Prepend {
            at: at.clone(),
            value: Json::from("x"),
        };
        said(Format::Toml.apply(text, &[change]))
    };
    assert_eq!(made("").as_deref(), Ok("a = [\"x\"]\n"));
    assert!(made("[[a]]\n").is_err());
}

/// Every place in a tree that a member can be put at, and every member and element there is.
fn places(root: &Json, at: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let mut below = |name: String, value: &Json, at: &mut Vec<String>| {
        at.push(name);
        found.push(at.clone());
        places(value, at, found);
        at.pop();
    };
    match root {
        Json::Object(members) => {
            for (name, value) in members {
                below(name.clone(), value, at);
            }
            at.push("new".to_owned());
            found.push(at.clone());
            at.pop();
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                below(index.to_string(), item, at);
            }
        }
        _ => {}
    }
}

/// Puts a value at any place of a text, and takes it out again.
fn round_trip(format: Format, text: &str, place: Index, value: &Json) -> Result<(), TestCaseError> {
    let root = said(format.get(text, &[])).map_err(TestCaseError::fail)?;
    let root = root.unwrap_or(Json::Object(Vec::new()));
    let mut found = Vec::new();
    places(&root, &mut Vec::new(), &mut found);
    let at = &found[place.index(found.len())];
    let set = |value: &Json| Change::Set {
        at: at.clone(),
        value: value.clone(),
        make: Make::All,
    };
    let body = split_bom(text).1;
    let old = format.get(text, at).ok().flatten();
    let new = said(format.apply(text, &[set(value)]));
    let is_table = || {
        let spans = format.spans(body, at).ok().flatten();
        spans.is_none_or(|spans| spans.value.is_none())
    };
    if format == Format::Toml && old.is_some() && is_table() {
        prop_assume!(old.as_ref() != Some(value));
        prop_assert!(new.is_err(), "a table is replaced");
        return Ok(());
    }
    let new = new.map_err(|error| TestCaseError::fail(format!("{at:?}: {error}")))?;
    prop_assert_eq!(format.get(&new, at).ok().flatten(), Some(value.clone()));
    prop_assert_eq!(
        format.apply(&new, &[set(value)]).ok(),
        Some(new.clone()),
        "twice"
    );
    let other = Json::from("another value");
    if let Some(spans) = format.spans(body, at).ok().flatten() {
        // In place of another value: all around it is as it was.
        let span = spans.value.unwrap_or_default();
        let written = split_bom(&new).1;
        prop_assert!(written.starts_with(&body[..span.start]));
        prop_assert!(written.ends_with(&body[span.end..]));
        return Ok(());
    }
    let made = said(format.made(Some(text), &new)).map_err(TestCaseError::fail)?;
    prop_assert!(made.is_some(), "{at:?} in {new:?}");
    for new in [
        new.clone(),
        format.apply(&new, &[set(&other)]).unwrap_or(new),
    ] {
        let back = said(format.take_out(&new, at, made.as_ref()));
        prop_assert_eq!(
            back,
            Ok(Some(text.to_owned())),
            "{:?} {:?} {:?}",
            at,
            new,
            made
        );
    }
    Ok(())
}

/// Takes out any member or element of a text.
fn removal(format: Format, text: &str, place: Index) -> Result<(), TestCaseError> {
    let root = said(format.get(text, &[])).map_err(TestCaseError::fail)?;
    let Some(root) = root else { return Ok(()) };
    let mut found = Vec::new();
    places(&root, &mut Vec::new(), &mut found);
    let at = &found[place.index(found.len())];
    let remove = [Change::Remove { at: at.clone() }];
    let new = match said(format.apply(text, &remove)) {
        Err(error) if error.contains("a key of its own was expected") => return Ok(()),
        new => new.map_err(|error| TestCaseError::fail(format!("{at:?}: {error}")))?,
    };
    if format.get(text, at).ok().flatten().is_none() {
        prop_assert_eq!(&new, text);
    }
    let mut rest = text.chars();
    prop_assert!(
        new.chars().all(|c| rest.any(|there| there == c)),
        "{at:?}: {new:?}"
    );
    // What was an element is the next one now.
    if at.last().and_then(|step| index(step)).is_none() {
        prop_assert_eq!(format.get(&new, at).ok(), Some(None));
        prop_assert_eq!(format.apply(&new, &remove).ok(), Some(new.clone()), "twice");
    }
    Ok(())
}

/// Puts a value behind the others of an array, or of one that is made, and takes it out again.
fn appending(format: Format, text: &str, place: Index, value: &Json) -> Result<(), TestCaseError> {
    let root = said(format.get(text, &[])).map_err(TestCaseError::fail)?;
    let root = root.unwrap_or(Json::Object(Vec::new()));
    let mut found = Vec::new();
    places(&root, &mut Vec::new(), &mut found);
    found.retain(|at| match find(&root, at) {
        // In an array of tables are only tables.
        Some(Json::Array(_)) if value.as_object().is_none() => {
            let spans = format.spans(split_bom(text).1, at).ok().flatten();
            spans.is_some_and(|spans| spans.value.is_some())
        }
        there => there.is_none_or(|there| there.as_array().is_some()),
    });
    prop_assume!(!found.is_empty());
    let at = &found[place.index(found.len())];
    let change = Change::Append {
        at: at.clone(),
        value: value.clone(),
    };
    let new = said(format.apply(text, &[change]));
    let new = new.map_err(|error| TestCaseError::fail(format!("{at:?}: {error}")))?;
    let items = format.get(&new, at).ok().flatten();
    let items = items.as_ref().and_then(Json::as_array).unwrap_or_default();
    prop_assert_eq!(items.last(), Some(value));
    let mut last = at.clone();
    last.push((items.len() - 1).to_string());
    let made = said(format.made(Some(text), &new)).map_err(TestCaseError::fail)?;
    let back = said(format.take_out(&new, &last, made.as_ref()));
    prop_assert_eq!(
        back,
        Ok(Some(text.to_owned())),
        "{:?} {:?} {:?}",
        at,
        new,
        made
    );
    Ok(())
}

fn value() -> impl Strategy<Value = Json> {
    let text = any::<String>().prop_map(Json::String);
    let entry = Json::object([
        ("url", Json::from("https://x/mcp")),
        ("headers", Json::object([("A b", Json::from("Bearer x"))])),
        (
            "args",
            Json::Array(vec![Json::from("-y"), Json::from(1_i64)]),
        ),
    ]);
    prop_oneof![3 => text, 1 => Just(entry), 1 => Just(Json::Object(Vec::new()))]
}

proptest! {
    #[test]
    fn json_is_as_it_was(text in documents::json(), place: Index, value in value()) {
        round_trip(Format::Json, &text, place, &value)?;
    }

    #[test]
    fn toml_is_as_it_was(text in documents::toml(), place: Index, value in value()) {
        prop_assume!(Format::Toml.get(&text, &[]).is_ok());
        round_trip(Format::Toml, &text, place, &value)?;
    }

    #[test]
    fn json_loses_only_what_is_taken_out(text in documents::json(), place: Index) {
        removal(Format::Json, &text, place)?;
    }

    #[test]
    fn toml_loses_only_what_is_taken_out(text in documents::toml(), place: Index) {
        prop_assume!(Format::Toml.get(&text, &[]).is_ok());
        removal(Format::Toml, &text, place)?;
    }

    #[test]
    fn json_arrays_grow_at_the_end(text in documents::json(), place: Index, value in value()) {
        appending(Format::Json, &text, place, &value)?;
    }

    #[test]
    fn toml_arrays_grow_at_the_end(text in documents::toml(), place: Index, value in value()) {
        prop_assume!(Format::Toml.get(&text, &[]).is_ok());
        appending(Format::Toml, &text, place, &value)?;
    }

    #[test]
    fn two_values_are_taken_out_in_any_order(text in documents::json(), place: Index, first: bool, value in value()) {
        let root = said(Format::Json.get(&text, &[])).map_err(TestCaseError::fail)?;
        let mut found = Vec::new();
        places(&root.unwrap_or(Json::Object(Vec::new())), &mut Vec::new(), &mut found);
        found.retain(|at| at.last().is_some_and(|name| name == "new"));
        let at = &found[place.index(found.len())];
        let mut too = at.clone();
        too.pop();
        too.push("too".to_owned());
        let set = |at: &[String]| Change::Set { at: at.to_vec(), value: value.clone(), make: Make::All };
        let new = said(Format::Json.apply(&text, &[set(at), set(&too)])).map_err(TestCaseError::fail)?;
        let made = said(Format::Json.made(Some(&text), &new)).map_err(TestCaseError::fail)?;
        let order = if first { [at, &too] } else { [&too, at] };
        let back = order.iter().try_fold(new.clone(), |text, at| {
            Ok::<_, String>(said(Format::Json.take_out(&text, at, made.as_ref()))?.unwrap_or_default())
        });
        prop_assert_eq!(back, Ok(text), "{:?} {:?}", new, made);
    }
}
