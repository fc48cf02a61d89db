//! The rows of `tests/vectors` that edit a text: what they say comes out, and nothing else changes.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads files and may panic"
)]

use mcpjwt::error::Error;
use mcpjwt::json::Json;
use mcpjwt::place::tree::{Change, Format, Make};

/// The edit that a row asks for. `None` for three kinds of rows whose text is written anew:
///
/// - a place among the other members or elements: here a new one is always the last;
/// - an array on one line that gets one more element: here it stays on one line;
/// - the last one taken out in front of a comma: that comma is a habit of the file, and stays.
fn change(row: &Json) -> Option<Change> {
    let path = row.get("path").and_then(Json::as_array).unwrap();
    let mut at: Vec<String> = path
        .iter()
        .map(|step| {
            step.as_str()
                .map_or_else(|| step.to_string(), str::to_owned)
        })
        .collect();
    let before = text(row, "before");
    let above = &at[..at.len().saturating_sub(1)];
    let there = Format::Json.get(before, above).unwrap();
    let count = there.as_ref().and_then(Json::as_array).map(<[Json]>::len);
    let step = path.last().and_then(Json::as_i64);
    if text(row, "op") == "remove" {
        let is_last = match (&there, count) {
            (Some(Json::Object(members)), _) => members.last().map(|(name, _)| name) == at.last(),
            (_, count) => {
                step.map(|step| step + 1) == count.and_then(|count| count.try_into().ok())
            }
        };
        let dense: String = before.chars().filter(|c| !c.is_whitespace()).collect();
        let comma = dense.contains(",]") || dense.contains(",}");
        return (!is_last || !comma).then_some(Change::Remove { at });
    }
    let value = row.get("value").unwrap().clone();
    if row.get("insert_index") != Some(&Json::Null)
        || row.get("array_insertion") == Some(&Json::Bool(true))
    {
        return None;
    }
    // `-1`, and the index behind the last one.
    let is_new = |step: i64, count| usize::try_from(step).ok().is_none_or(|step| step == count);
    if step
        .zip(count)
        .is_some_and(|(step, count)| is_new(step, count))
    {
        let more_lines = text(row, "after").lines().count() > before.lines().count() + 1;
        at.pop();
        return (!more_lines).then_some(Change::Append { at, value });
    }
    let make = Make::All;
    Some(Change::Set { at, value, make })
}

fn lines(file: &str) -> Vec<Json> {
    let text = std::fs::read_to_string(format!("tests/vectors/{file}.jsonl")).unwrap();
    let rows = text.lines().map(|line| Json::parse(line.as_bytes()));
    rows.collect::<Result<_, _>>().unwrap()
}

fn text<'r>(row: &'r Json, name: &str) -> &'r str {
    row.get(name).and_then(Json::as_str).unwrap()
}

#[test]
fn the_collected_edits_come_out_as_stated() {
    let (mut done, mut wrong) = (0, Vec::new());
    for row in lines("jsonc_edit") {
        let Some(change) = change(&row) else {
            continue;
        };
        let got = Format::Json.apply(text(&row, "before"), &[change]);
        let got = got.unwrap_or_else(|error| error.message);
        if got != text(&row, "after") {
            wrong.push(format!("{}: {got:?}", text(&row, "id")));
        }
        done += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(done > 18, "only {done}");
}

/// What an install does to the bytes of a file.
fn install(bytes: &[u8], at: &[String], value: &str) -> Result<String, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    let change = Change::Set {
        at: at.to_vec(),
        value: Json::from(value),
        make: Make::All,
    };
    let said = |error: Error| error.message;
    Format::Json.apply(text, &[change]).map_err(said)
}

#[test]
fn real_and_hostile_configs_keep_every_byte() {
    for row in lines("mcp_configs") {
        let id = text(&row, "id");
        let path = format!("tests/vectors/mcp_configs/{}", text(&row, "file"));
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let path = row.get("edit_path").and_then(Json::as_array).unwrap();
        let at: Vec<String> = path
            .iter()
            .filter_map(Json::as_str)
            .map(str::to_owned)
            .collect();
        let refused = row
            .get("expect")
            .and_then(Json::as_str)
            .is_some_and(|expect| expect.starts_with("refuse"));
        let after = install(&bytes, &at, "Bearer one");
        assert_eq!(after.is_err(), refused, "{id}: {after:?}");
        let Ok(after) = after else { continue };
        let before = String::from_utf8(bytes).unwrap();
        let there = Format::Json.get(&after, &at).unwrap();
        assert_eq!(there, Some(Json::from("Bearer one")), "{id}");
        // Nothing is lost but a `null` that got members, and all that is new is in one place,
        // but for the comma behind the member before it.
        let added = after.len() + lost(&before, &after).len() - before.len();
        assert!(
            lost(&before, &after).trim().is_empty() || before.contains("null"),
            "{id}"
        );
        assert!(added < 200, "{id}: {added}");
        // The same again changes nothing, another value nothing but itself.
        assert_eq!(
            install(after.as_bytes(), &at, "Bearer one").as_ref(),
            Ok(&after),
            "{id}"
        );
        let other = install(after.as_bytes(), &at, "Bearer another").unwrap();
        assert_eq!(other, after.replace("Bearer one", "Bearer another"), "{id}");
        let made = Format::Json.made(Some(&before), &after).unwrap();
        let back = Format::Json.take_out(&other, &at, made.as_ref()).unwrap();
        assert_eq!(back.as_deref(), Some(before.as_str()), "{id}");
    }
}

/// The characters of a text that another one does not have in the same order.
fn lost(before: &str, after: &str) -> String {
    let mut rest = after.chars();
    let is_lost = |c: &char| {
        let mut ahead = rest.clone();
        let found = ahead.any(|there| there == *c);
        if found {
            rest = ahead;
        }
        !found
    };
    before.chars().filter(is_lost).collect()
}
