//! Places, and the editors of the files among them: no panic, a place reads back as it is
//! written, and an edit of a `.env` file changes that variable and nothing else.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mcpjwt::place::{self, dotenv, jsonc, toml};

fn is_client(name: &str) -> bool {
    name == "vscode"
}

fuzz_target!(|input: (&str, &str, &str)| {
    let (text, name, value) = input;
    if let Ok(found) = place::parse(name, is_client) {
        assert!(place::is_place(name, is_client), "{name:?}");
        let written = found.to_string();
        assert_eq!(
            place::parse(&written, is_client).ok(),
            Some(found),
            "{name:?} is written {written:?}"
        );
    }
    let _ = place::expand(
        name,
        std::path::Path::new("/base"),
        Some(std::path::Path::new("/home")),
    );
    let _ = jsonc::get(text, name);
    let _ = toml::get(text, name);
    let _ = dotenv::get(text, name);
    if let Ok(edited) = dotenv::set(text, name, value) {
        let read = dotenv::get(&edited, name);
        assert!(
            matches!(&read, Ok(dotenv::Value::Plain(found)) if found == value),
            "{value:?} reads back as {read:?}"
        );
        assert_eq!(
            dotenv::set(&edited, name, value).ok().as_ref(),
            Some(&edited),
            "a second edit changes something"
        );
    }
    if let Ok(without) = dotenv::remove(text, name) {
        assert!(
            matches!(dotenv::get(&without, name), Ok(dotenv::Value::Absent)),
            "it is still there"
        );
    }
});
