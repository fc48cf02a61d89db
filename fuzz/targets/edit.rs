//! Edits of JSON and TOML: a pointer, a value and a text, each on a line of its own, the text on
//! all further ones. What is set is read, a second time changes nothing, and what was made is
//! taken out again with the bytes of before.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mcpjwt::json::Json;
use mcpjwt::place::jsonc;
use mcpjwt::place::tree::{Change, Format, Make};

fuzz_target!(|input: &str| {
    let mut lines = input.splitn(3, '\n');
    let (Some(pointer), Some(value), Some(text)) = (lines.next(), lines.next(), lines.next()) else {
        return;
    };
    let Ok(at) = jsonc::steps(pointer) else {
        return;
    };
    let value = Json::parse(value.as_bytes()).unwrap_or_else(|_| Json::from(value));
    for format in [Format::Json, Format::Toml] {
        set(format, text, &at, &value);
        other(format, text, &at, &value);
    }
});

fn set(format: Format, text: &str, at: &[String], value: &Json) {
    let change = [Change::Set {
        at: at.to_vec(),
        value: value.clone(),
        make: Make::All,
    }];
    let Some(new) = applied(format, text, &change) else {
        return;
    };
    let there = format.get(&new, at).ok().flatten();
    assert!(there.as_ref() == Some(value), "it reads back otherwise");
    let twice = format.apply(&new, &change).ok();
    assert_eq!(twice.as_ref(), Some(&new), "a second edit changes something");
    let Ok(None) = format.get(text, at) else {
        return;
    };
    let made = format.made(Some(text), &new);
    let Ok(Some(made)) = made else {
        panic!("nothing was made: {made:?}")
    };
    let back = format.take_out(&new, at, Some(&made)).ok().flatten();
    assert_eq!(back.as_deref(), Some(text), "taken out of {new:?} by {made:?}");
}

fn other(format: Format, text: &str, at: &[String], value: &Json) {
    let append = [Change::Append {
        at: at.to_vec(),
        value: value.clone(),
    }];
    if let Some(new) = applied(format, text, &append) {
        let items = format.get(&new, at).ok().flatten();
        let last = items.as_ref().and_then(Json::as_array).and_then(<[Json]>::last);
        assert!(last == Some(value), "it is not the last one");
    }
    let prepend = [Change::Prepend {
        at: at.to_vec(),
        value: value.clone(),
    }];
    if let Some(new) = applied(format, text, &prepend) {
        let items = format.get(&new, at).ok().flatten();
        let first = items.as_ref().and_then(Json::as_array).and_then(<[Json]>::first);
        assert!(first == Some(value), "it is not the first one");
    }
    if let Some(new) = applied(format, text, &[Change::Remove { at: at.to_vec() }]) {
        let mut rest = text.chars();
        assert!(new.chars().all(|c| rest.any(|there| there == c)), "more than that is gone");
    }
    let _ = format.take_out(text, at, None);
}

/// The edited text; `None` where it is refused, but never for a defect.
fn applied(format: Format, text: &str, change: &[Change]) -> Option<String> {
    match format.apply(text, change) {
        Ok(new) => Some(new),
        Err(error) => {
            assert_ne!(error.code.name(), "internal", "{change:?}: {error}: {:?}", error.source);
            None
        }
    }
}
