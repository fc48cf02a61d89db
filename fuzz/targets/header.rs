//! The strict JSON under every header and payload: no panic, nothing taken that is no UTF-8,
//! and a pretty text that reads back as the same value.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mcpjwt::json::Json;

fuzz_target!(|text: &[u8]| {
    let Ok(value) = Json::parse(text) else { return };
    let again = Json::parse(value.pretty().as_bytes());
    assert!(
        again.as_ref() == Ok(&value),
        "{value:?} reads back as {again:?}"
    );
    assert!(std::str::from_utf8(text).is_ok());
});
