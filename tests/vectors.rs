//! Every row of `tests/vectors`: the expected verdict with the expected reason, through the
//! library and through the program.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads files and starts the program"
)]

mod rows;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use mcpjwt::error::{Code, Outcome};
use mcpjwt::json::Json;
use mcpjwt::key::{Algorithm, KeySet};
use mcpjwt::token::{self, Judge, Rules};
use rows::{Row, rows};

const FILES: [&str; 4] = ["rfc", "library_tokens", "wycheproof_jws", "negatives"];

#[test]
fn the_library_judges_every_row_as_expected() {
    let mut wrong = Vec::new();
    for row in FILES.into_iter().flat_map(rows) {
        let codes = by_library(&row);
        if let Some(text) = row.disagrees(&codes) {
            wrong.push(text);
        }
    }
    assert!(
        wrong.is_empty(),
        "{} rows:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// A verifier that believes every token: if the rows let it pass they show nothing.
#[test]
fn a_verifier_that_accepts_all_fails_the_rows() {
    let wrong = FILES
        .into_iter()
        .flat_map(rows)
        .filter(|row| row.disagrees::<&str>(&[]).is_some())
        .count();
    assert!(wrong > 400, "only {wrong} rows refuse anything");
}

#[test]
fn the_program_judges_every_row_as_expected() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for row in FILES.into_iter().flat_map(rows) {
        let key = folder.path().join("key");
        std::fs::write(&key, row.key_text()).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_mcpjwt"));
        command
            .args([
                "verify",
                "-",
                "--exact",
                "--json",
                "--key",
                &format!("file:{}", key.display()),
            ])
            .args(row.flags())
            .env_clear()
            .env("MCPJWT_HOME", folder.path().join("home"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // The program may refuse an endless token before it has read all of it.
        let _ = child.stdin.take().unwrap().write_all(row.token.as_bytes());
        let output = child.wait_with_output().unwrap();
        let shown = String::from_utf8_lossy(&output.stdout);
        let document = Json::parse(&output.stdout)
            .unwrap_or_else(|error| panic!("{}: {error}: {shown}", row.id));
        let codes: Vec<String> = document
            .get("errors")
            .and_then(Json::as_array)
            .unwrap_or_else(|| panic!("{}: no errors in {shown}", row.id))
            .iter()
            .filter_map(|error| error.get("code").and_then(Json::as_str).map(str::to_owned))
            .collect();
        let ok = document.get("ok") == Some(&Json::Bool(true));
        let exit = output.status.code();
        if let Some(text) = row.disagrees(&codes) {
            wrong.push(text);
        } else if ok != codes.is_empty()
            || (exit == Some(0)) != ok
            || !matches!(exit, Some(0 | 1 | 3 | 4))
        {
            wrong.push(format!(
                "{}: ok {ok}, exit {exit:?}, codes {codes:?}",
                row.id
            ));
        } else if !ok
            && codes.iter().any(|code| code.starts_with("sig_"))
            && document.get("claims") != Some(&Json::Null)
        {
            wrong.push(format!(
                "{}: claims are shown although the signature does not hold",
                row.id
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} rows:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Who judges many tokens keeps what their headers come to. Nothing of one token may speak for
/// another, so each row is judged between others, by its own keys and rules, as if it were alone.
#[test]
fn a_judge_of_many_tokens_answers_as_one_of_each() {
    let rows: Vec<Row> = FILES.into_iter().flat_map(rows).collect();
    for (at, row) in rows.iter().enumerate() {
        let Ok(set) = KeySet::read(&row.key_text().into(), row.encoding()) else {
            continue;
        };
        let rules = rules(row);
        let mut judge = Judge::new(&set, &rules);
        let others = (1..40).map(|step| &rows[(at + step * 7) % rows.len()]);
        for token in others
            .chain([row, row])
            .flat_map(|other| [&other.token, &row.token])
        {
            let among_others = format!("{:?}", judge.judge(token.as_bytes()));
            let alone = format!("{:?}", token::judge(token.as_bytes(), &set, &rules));
            assert_eq!(among_others, alone, "{}", row.id);
        }
    }
}

/// The rows with the same keys and rules are lines of one `verify --batch`.
#[test]
fn the_program_judges_every_row_in_a_batch_as_expected() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    let mut batches: BTreeMap<(String, Vec<String>), Vec<Row>> = BTreeMap::new();
    for row in FILES.into_iter().flat_map(rows) {
        if !row.token.contains('\n') {
            let alike = (row.key_text(), row.flags());
            batches.entry(alike).or_default().push(row);
        }
    }
    let mut wrong = Vec::new();
    let mut answered = 0;
    for ((key_text, flags), rows) in &batches {
        std::fs::write(&key, key_text).unwrap();
        let tokens: String = rows.iter().map(|row| row.token.clone() + "\n").collect();
        let list = folder.path().join("tokens");
        std::fs::write(&list, tokens).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_mcpjwt"))
            .args(["verify", "--batch", "--exact", "--json", "--key"])
            .arg(format!("file:{}", key.display()))
            .arg(format!("file:{}", list.display()))
            .args(flags)
            .env_clear()
            .env("MCPJWT_HOME", folder.path().join("home"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let documents: Vec<Json> = output
            .stdout
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| Json::parse(line).unwrap())
            .collect();
        // A key that is refused is refused once, of no line.
        let is_of_no_line = |document: &Json| document.get("line").is_none();
        let one_for_all = documents.len() == 1 && is_of_no_line(&documents[0]);
        assert!(
            one_for_all || documents.len() == rows.len(),
            "{}",
            rows[0].id
        );
        for (at, row) in rows.iter().enumerate() {
            let codes = codes(&documents[if one_for_all { 0 } else { at }]);
            wrong.extend(row.disagrees(&codes));
            answered += 1;
        }
        let all = documents.iter().flat_map(codes);
        let gravest = all
            .map(|code| outcome(&code))
            .max()
            .unwrap_or(Outcome::Done);
        let code = output.status.code();
        assert_eq!(code, Some(gravest.exit_code().into()), "{}", rows[0].id);
    }
    assert!(
        wrong.is_empty(),
        "{} rows:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(answered > 500, "only {answered} rows");
}

/// What a code comes to, by its name.
fn outcome(name: &str) -> Outcome {
    let code = Code::ALL.iter().find(|code| code.name() == name);
    code.map(|code| code.outcome()).unwrap()
}

/// The codes of a document's errors.
fn codes(document: &Json) -> Vec<String> {
    let errors = document.get("errors").and_then(Json::as_array).unwrap();
    let code = |error: &Json| error.get("code").and_then(Json::as_str).map(str::to_owned);
    errors.iter().filter_map(code).collect()
}

fn rules(row: &Row) -> Rules {
    let mut rules = Rules::at(row.now.unwrap_or(0));
    rules.algs = row
        .algs
        .iter()
        .filter_map(|name| Algorithm::from_name(name))
        .collect();
    assert_eq!(
        rules.algs.len(),
        row.algs.len(),
        "{}: {:?}",
        row.id,
        row.algs
    );
    rules.signature_only = row.signature_only;
    rules.require.clone_from(&row.required);
    rules.leeway = row.leeway;
    rules.aud = row.aud.iter().cloned().collect();
    rules.iss = row.iss.iter().cloned().collect();
    rules.sub.clone_from(&row.sub);
    rules.typ.clone_from(&row.typ);
    rules.max_age = row.max_age;
    rules.allow_weak_key = row.allow_weak_key;
    rules
}

fn by_library(row: &Row) -> Vec<String> {
    let set = match KeySet::read(&row.key_text().into(), row.encoding()) {
        Ok(set) => set,
        Err(error) => return vec![error.code.name().to_owned()],
    };
    let rules = rules(row);
    let verdict = token::judge(row.token.as_bytes(), &set, &rules);
    verdict
        .failures
        .iter()
        .map(|failure| failure.code)
        .map(Code::name)
        .map(str::to_owned)
        .collect()
}
