//! What a line of a batch orders: a subject, a row of CSV, or a JSON object of claims, over what
//! the command line says of all of them.

use std::borrow::Cow;

use super::special::{fault, special};
use super::template::Template;
use crate::json::Json;

/// How the lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A subject a line.
    Subjects,
    /// A row of CSV a line, below a row of names.
    Csv,
    /// A JSON object a line.
    Jsonl,
}

/// The columns of CSV.
#[derive(Debug)]
pub struct Columns(Vec<(String, Kind)>);

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Json,
}

/// The claims whose columns hold numbers.
const NUMBERS: [&str; 4] = ["exp", "nbf", "iat", "quota"];

impl Columns {
    /// Reads the row of names; `NAME:` is a column of JSON.
    pub fn read(line: &str) -> Result<Self, String> {
        let mut columns: Vec<(String, Kind)> = Vec::new();
        for field in fields(line)? {
            let field = field.trim();
            let (name, kind) = match field.strip_suffix(':') {
                Some(name) => (name, Kind::Json),
                None if NUMBERS.contains(&field) => (field, Kind::Number),
                None => (field, Kind::Text),
            };
            if name.is_empty() {
                return Err(format!("column {} has no name", columns.len() + 1));
            }
            if columns.iter().any(|(known, _)| known == name) {
                return Err(format!("the column `{name}` is there twice"));
            }
            refuse(name)?;
            columns.push((name.to_owned(), kind));
        }
        if columns.iter().any(|(name, _)| name == "sub") {
            Ok(Self(columns))
        } else {
            Err(no_subject(line, &columns))
        }
    }

    /// Whether there is one of this claim.
    pub fn have(&self, claim: &str) -> bool {
        self.0.iter().any(|(name, _)| name == claim)
    }

    /// The claims of a row; an empty field is none.
    fn claims(&self, line: &str) -> Result<Vec<(Cow<'_, str>, Json)>, String> {
        let fields = fields(line)?;
        if fields.len() != self.0.len() {
            return Err(format!(
                "it has {} fields, and there are {} columns",
                fields.len(),
                self.0.len()
            ));
        }
        let mut claims = Vec::with_capacity(fields.len());
        for ((name, kind), field) in self.0.iter().zip(fields) {
            if field.is_empty() {
                continue;
            }
            let value = match kind {
                Kind::Text => Json::from(field.into_owned()),
                Kind::Number => {
                    let number = field.trim().parse::<i64>();
                    Json::from(number.map_err(|_| format!("`{name}` is no whole number"))?)
                }
                Kind::Json => json(&field).map_err(|why| format!("`{name}` is {why}"))?,
            };
            claims.push((Cow::Borrowed(name.as_str()), value));
        }
        Ok(claims)
    }
}

/// That no column is that of subjects, and which one may be meant.
fn no_subject(line: &str, columns: &[(String, Kind)]) -> String {
    let meant = columns.iter().find(|(name, _)| is_sub(name));
    let separator = separator(line).filter(|_| columns.len() == 1);
    let why = match (meant, separator) {
        (Some((name, _)), _) => format!(", only `{name}`: the names of claims are in lower case"),
        (None, Some('\t')) => ": there are tabs between the columns, not commas".to_owned(),
        (None, Some(separator)) => {
            format!(": there is `{separator}` between the columns, not a comma")
        }
        (None, None) => String::new(),
    };
    format!("there is no column `sub`{why}")
}

fn is_sub(name: &str) -> bool {
    name.trim().trim_matches('"').eq_ignore_ascii_case("sub")
}

/// What stands between names of columns, one of which is that of subjects, where it is no comma.
fn separator(line: &str) -> Option<char> {
    let mut all = [';', '\t', '|'].into_iter();
    all.find(|&it| line.contains(it) && line.split(it).any(is_sub))
}

/// Whether a first line looks like the names of columns, where nobody said what the lines are:
/// there are several, or they are `sub` and others with something else than commas between them.
pub fn looks_like_names(line: &str) -> bool {
    fields(line).is_ok_and(|fields| fields.len() > 1) || separator(line).is_some()
}

/// One JSON value, which will stand in an object: it may nest a level less than a whole text.
fn json(text: &str) -> Result<Json, String> {
    match Json::parse(format!("[{text}]").as_bytes()) {
        Ok(Json::Array(mut items)) if items.len() == 1 => Ok(items.remove(0)),
        Ok(_) => Err("not one JSON value".to_owned()),
        Err(error) => Err(format!("not valid JSON: {}", error.what)),
    }
}

/// The fields of a row (RFC 4180, without line ends inside of quotes). Blanks around one that has
/// no quotes are none of it.
fn fields(line: &str) -> Result<Vec<Cow<'_, str>>, String> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let field;
        (field, rest) = if let Some(inside) = rest.strip_prefix('"') {
            quoted(inside)?
        } else {
            let (field, after) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
            if field.contains('"') {
                return Err("a quote stands inside of a field that has none around it".to_owned());
            }
            (Cow::Borrowed(field.trim()), after)
        };
        fields.push(field);
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None if rest.is_empty() => return Ok(fields),
            None => return Err("there is more behind a closing quote".to_owned()),
        }
    }
}

/// Whether a bad line is one by itself, whatever it holds. Behind one that is not, nobody can tell
/// what is a line, and what the inside of a field or value.
pub fn is_row(line: &[u8], form: Form) -> bool {
    match form {
        Form::Subjects => true,
        Form::Csv => fields(&String::from_utf8_lossy(line)).is_ok(),
        Form::Jsonl => is_closed(line),
    }
}

/// Whether as many brackets are closed as are opened, and every string.
fn is_closed(text: &[u8]) -> bool {
    let (mut depth, mut in_string) = (0_usize, false);
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => drop(bytes.next()),
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    depth == 0 && !in_string
}

/// A field behind its opening quote, and what follows the closing one.
fn quoted(text: &str) -> Result<(Cow<'_, str>, &str), String> {
    let mut field = Cow::Borrowed("");
    let mut rest = text;
    loop {
        let Some((inside, after)) = rest.split_once('"') else {
            return Err("a quote is not closed on its line".to_owned());
        };
        field += inside;
        let Some(after) = after.strip_prefix('"') else {
            return Ok((field, after));
        };
        field += "\"";
        rest = after;
    }
}

/// What a line may not say.
fn refuse(name: &str) -> Result<(), String> {
    match special(name).and_then(|special| special.not_by_line) {
        Some(why) => Err(format!("`{name}` cannot be given: {why}")),
        None => Ok(()),
    }
}

/// What a line orders, over the template of all lines.
pub fn ordered(
    line: &str,
    form: Form,
    columns: Option<&Columns>,
    base: &Template,
) -> Result<Template, String> {
    let claims = match (form, columns) {
        (Form::Subjects, _) => vec![("sub".into(), Json::from(line))],
        (Form::Csv, columns) => columns.map_or(Ok(Vec::new()), |columns| columns.claims(line))?,
        (Form::Jsonl, _) => match Json::parse(line.as_bytes()) {
            Ok(Json::Object(members)) => {
                let named = members.into_iter();
                named.map(|(name, value)| (name.into(), value)).collect()
            }
            Ok(other) => return Err(format!("it is {}, and no object", other.kind())),
            Err(error) => return Err(format!("not valid JSON: {error}")),
        },
    };
    let mut template = base.clone();
    for (name, value) in claims {
        set(&mut template, name, value)?;
    }
    if template.sub.is_empty() {
        return Err("it has no `sub`".to_owned());
    }
    match template.times.fault() {
        Some(fault) => Err(fault.to_owned()),
        None => Ok(template),
    }
}

fn set(template: &mut Template, name: Cow<'_, str>, value: Json) -> Result<(), String> {
    refuse(&name)?;
    if let Some(fault) = fault(&name, &value) {
        return Err(format!("`{name}` {fault}"));
    }
    let times = &mut template.times;
    match (&*name, value) {
        ("iss", Json::String(text)) => template.iss = text,
        ("sub", Json::String(text)) => template.sub = text,
        ("scope", Json::String(text)) => template.scope = Some(text),
        ("aud", Json::String(text)) => template.aud = vec![text],
        ("aud", value) => {
            let items = value.as_array().unwrap_or_default().iter();
            template.aud = items.filter_map(Json::as_str).map(str::to_owned).collect();
        }
        ("exp", value) => times.exp = value.as_i64().unwrap_or(times.exp),
        ("nbf", value) => times.nbf = value.as_i64(),
        ("iat", value) => times.iat = value.as_i64().unwrap_or(times.iat),
        (_, value) => match template.rest.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => template.rest.push((name.into_owned(), value)),
        },
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Times;

    fn base() -> Template {
        Template {
            typ: "JWT".to_owned(),
            iss: "i".to_owned(),
            sub: String::new(),
            aud: vec!["a".to_owned()],
            times: Times::of(1000, None, 2000),
            jti: None,
            scope: None,
            kind: None,
            rest: vec![("role".to_owned(), "user".into())],
        }
    }

    #[test]
    fn lines_at_each_edge() {
        use Form::{Csv, Jsonl, Subjects};
        const HEAD: &str = "sub,exp,quota,role,x:";
        #[rustfmt::skip]
        let cases = [
            // form     line                              claims after `iss`, or why not
            (Subjects, "s",                               r#""sub":"s","aud":"a","iat":995,"exp":2000,"jti":"1","role":"user""#),
            (Subjects, "",                                "`sub` is empty"),
            (Subjects, "a\0b",                            "`sub` holds a control character"),
            (Csv,      "s,,,,",                           r#""sub":"s","aud":"a","iat":995,"exp":2000,"jti":"1","role":"user""#),
            (Csv,      "s,3000,5,admin,[1]",              r#""sub":"s","aud":"a","iat":995,"exp":3000,"jti":"1","role":"admin","quota":5,"x":[1]"#),
            (Csv,      r#""a,""b""",,,"","{""y"":1}""#,   r#""sub":"a,\"b\"","aud":"a","iat":995,"exp":2000,"jti":"1","role":"user","x":{"y":1}"#),
            (Csv,      "s,,,",                            "it has 4 fields, and there are 5 columns"),
            (Csv,      ",,,,",                            "it has no `sub`"),
            (Csv,      " , , , ,\t",                      "it has no `sub`"),
            (Csv,      " s, 3000,5 , admin ,",            r#""sub":"s","aud":"a","iat":995,"exp":3000,"jti":"1","role":"admin","quota":5"#),
            (Csv,      "s,,,\" \",",                      "`role` is empty"),
            (Csv,      "s,soon,,,",                       "`exp` is no whole number"),
            (Csv,      "s,1000,,,",                       "the token would be expired from the start"),
            (Csv,      "s,253402300800,,,",               "`exp` is no time in unix seconds"),
            (Csv,      "s,-1,,,",                         "`exp` is no time in unix seconds"),
            (Csv,      "s,,0,,",                          "`quota` is no whole number above 0"),
            (Csv,      "s,,,,{",                          "`x` is not valid JSON: a name in quotes was expected"),
            (Csv,      "s,,,,\"1,2\"",                    "`x` is not one JSON value"),
            (Csv,      "\"s,,,,",                         "a quote is not closed on its line"),
            (Csv,      "\"s\"s,,,,",                      "there is more behind a closing quote"),
            (Csv,      "s\"s\",,,,",                      "a quote stands inside of a field that has none around it"),
            (Jsonl,    r#"{"sub":"s","aud":["b","c"],"nbf":1500,"scope":"r w","deep":{"a":[]}}"#,
                       r#""sub":"s","aud":["b","c"],"iat":995,"exp":2000,"jti":"1","nbf":1500,"scope":"r w","role":"user","deep":{"a":[]}"#),
            (Jsonl,    r#"{"sub":"s","sub":"t"}"#,        "not valid JSON: a name is there twice (at byte 11)"),
            (Jsonl,    r#"{"sub":1}"#,                    "`sub` is a number, and not a string"),
            (Jsonl,    r#"{"sub":"s","aud":[]}"#,         "`aud` is an array, and not a string or a list of strings"),
            (Jsonl,    r#"{"sub":"s","aud":[1]}"#,        "`aud` is a list of something else than strings"),
            (Jsonl,    r#"{"sub":"s","nbf":2000}"#,       "`nbf` lies at or after the end of the token"),
            (Jsonl,    r#"{"sub":"s","iat":1001}"#,       "`iat` lies in the future"),
            (Jsonl,    r#"{"sub":"s","jti":"x"}"#,        "`jti` cannot be given: it is that of the run, with the number of the line"),
            (Jsonl,    r#"{"sub":"s","type":"refresh"}"#, "`type` cannot be given: a refresh token is minted by `mcpjwt issue --pair`"),
            (Jsonl,    r#"{"sub":"s","role":5}"#,         "`role` is a number, and not a string"),
            (Jsonl,    r#"{"sub":"s","":5}"#,             "`` is no name of a claim"),
            (Jsonl,    r#"{"aud":"b"}"#,                  "it has no `sub`"),
            (Jsonl,    "[]",                              "it is an array, and no object"),
            (Jsonl,    "",                                "not valid JSON: it ends too early (at byte 0)"),
        ];
        let columns = Columns::read(HEAD).unwrap();
        for (form, line, want) in cases {
            let got = match ordered(line, form, Some(&columns), &base()) {
                Ok(template) => template.claims("1").to_string(),
                Err(why) => why,
            };
            let claims = format!(r#"{{"iss":"i",{want}}}"#);
            assert_eq!(
                got,
                if want.starts_with('"') { &claims } else { want },
                "{line}"
            );
        }
    }

    #[test]
    fn a_bad_line_is_one_or_goes_on() {
        use Form::{Csv, Jsonl, Subjects};
        #[rustfmt::skip]
        let cases = [
            (Subjects, "\"{",              true),
            (Csv,      "a,b,c",            true),
            (Csv,      "a,\"b",            false),
            (Jsonl,    "",                 true),
            (Jsonl,    "hello",            true),
            (Jsonl,    r#"{"sub":1}"#,     true),
            (Jsonl,    r#"{"a":[}]"#,      true),
            (Jsonl,    r#"{"a":"}\""}"#,   true),
            (Jsonl,    r#"{"sub":"a","#,   false),
            (Jsonl,    r#"{"sub":x,"y":"#, false),
            (Jsonl,    "[",                false),
            (Jsonl,    r#""a\""#,          false),
            (Jsonl,    "\"\\",             false),
        ];
        for (form, line, want) in cases {
            assert_eq!(is_row(line.as_bytes(), form), want, "{form:?} {line}");
        }
    }

    #[test]
    fn names_of_columns_are_told_from_a_subject() {
        #[rustfmt::skip]
        let cases = [
            ("sub,role",    true),
            ("Sub,Role",    true),
            ("name, email", true),
            ("sub;role",    true),
            ("role|SUB",    true),
            ("sub\trole",   true),
            ("\"sub\";x",   true),
            ("sub",         false),
            ("Sub",         false),
            ("a;b",         false),
            ("a b@c.d",     false),
            ("",            false),
            (r#"{"sub":"a","role":"b"}"#, false),
        ];
        for (line, want) in cases {
            assert_eq!(looks_like_names(line), want, "{line}");
        }
    }

    #[test]
    fn columns_at_each_edge() {
        let deep = format!("{}{}", "[".repeat(63), "]".repeat(63));
        assert!(json(&deep).is_ok() && json(&format!("[{deep}]")).is_err());
        #[rustfmt::skip]
        let cases = [
            ("sub",            None),
            (" sub , \"x:\" ", Some("a quote stands inside of a field that has none around it")),
            ("sub,\"x:\"",     None),
            ("name",           Some("there is no column `sub`")),
            ("Sub,role",       Some("there is no column `sub`, only `Sub`: the names of claims are in lower case")),
            ("sub;role",       Some("there is no column `sub`: there is `;` between the columns, not a comma")),
            ("role\tsub",      Some("there is no column `sub`: there are tabs between the columns, not commas")),
            ("role;name",      Some("there is no column `sub`")),
            ("sub,type",       Some("`type` cannot be given: a refresh token is minted by `mcpjwt issue --pair`")),
            ("",               Some("column 1 has no name")),
            ("sub,",           Some("column 2 has no name")),
            ("sub,x,x:",       Some("the column `x` is there twice")),
            ("sub,jti",        Some("`jti` cannot be given: it is that of the run, with the number of the line")),
        ];
        for (line, want) in cases {
            assert_eq!(Columns::read(line).err().as_deref(), want, "{line}");
        }
    }
}
