//! The rows of `tests/vectors`, and what each of them asks for.

use mcpjwt::json::Json;
use mcpjwt::key::Encoding;

/// A row of a token file.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) algs: Vec<String>,
    pub(crate) signature_only: bool,
    pub(crate) now: Option<i64>,
    pub(crate) leeway: i64,
    pub(crate) aud: Option<String>,
    pub(crate) iss: Option<String>,
    pub(crate) sub: Option<String>,
    pub(crate) typ: Option<String>,
    pub(crate) required: Vec<String>,
    pub(crate) max_age: Option<i64>,
    pub(crate) allow_weak_key: bool,
    valid: bool,
    reasons: Vec<String>,
    key: Json,
}

/// The rows of a file.
pub(crate) fn rows(file: &str) -> Vec<Row> {
    lines(file).iter().map(Row::new).collect()
}

/// The JSON lines of a file.
pub(crate) fn lines(file: &str) -> Vec<Json> {
    let path = format!("{}/tests/vectors/{file}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.lines()
        .map(|line| Json::parse(line.as_bytes()).unwrap_or_else(|error| panic!("{path}: {error}")))
        .collect()
}

impl Row {
    fn new(json: &Json) -> Self {
        let text = |name: &str| {
            json.get(name)
                .and_then(Json::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let texts = |json: Option<&Json>| -> Vec<String> {
            json.and_then(Json::as_array)
                .unwrap_or_default()
                .iter()
                .filter_map(Json::as_str)
                .map(str::to_owned)
                .collect()
        };
        let opts = json.get("opts").unwrap();
        let opt = |name: &str| opts.get(name).and_then(Json::as_str).map(str::to_owned);
        let mut reasons = vec![text("reason")];
        for tag in texts(json.get("tags")) {
            reasons.extend(tag.strip_prefix("ANYREASON:").map(str::to_owned));
        }
        Self {
            id: text("id"),
            token: text("token"),
            algs: texts(json.get("algs")),
            signature_only: text("kind") == "jws",
            now: opts.get("now").and_then(Json::as_i64),
            leeway: opts.get("leeway").and_then(Json::as_i64).unwrap_or(0),
            aud: opt("aud"),
            iss: opt("iss"),
            sub: opt("sub"),
            typ: opt("typ"),
            required: texts(opts.get("required")),
            max_age: opts.get("max_age").and_then(Json::as_i64),
            allow_weak_key: opts.get("allow_weak_key") == Some(&Json::Bool(true)),
            valid: text("expect") == "valid",
            reasons,
            key: json.get("key").unwrap().clone(),
        }
    }

    /// What is wrong with these codes for this row, if anything.
    pub(crate) fn disagrees<T: AsRef<str>>(&self, codes: &[T]) -> Option<String> {
        let codes: Vec<&str> = codes.iter().map(AsRef::as_ref).collect();
        let fine = if self.valid {
            codes.is_empty()
        } else {
            codes
                .iter()
                .any(|code| self.reasons.iter().any(|reason| reason == code))
        };
        let want = if self.valid {
            "valid".to_owned()
        } else {
            self.reasons.join(" or ")
        };
        (!fine).then(|| format!("{}: {codes:?}, expected {want}", self.id))
    }

    /// The key as it would stand in a file.
    pub(crate) fn key_text(&self) -> String {
        for member in ["jwk", "jwks"] {
            if let Some(json) = self.key.get(member) {
                return json.to_string();
            }
        }
        for member in ["pem", "secret_hex"] {
            if let Some(text) = self.key.get(member).and_then(Json::as_str) {
                return text.to_owned();
            }
        }
        panic!("{}: an unknown kind of key", self.id)
    }

    /// How its text is to be read.
    pub(crate) fn encoding(&self) -> Option<Encoding> {
        self.key.get("secret_hex").map(|_| Encoding::Hex)
    }

    /// The same as command-line options.
    pub(crate) fn flags(&self) -> Vec<String> {
        let mut flags = Vec::new();
        let mut flag = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                flags.extend([name.to_owned(), value]);
            }
        };
        for alg in &self.algs {
            flag("--alg", Some(alg.clone()));
        }
        flag("--key-encoding", self.encoding().map(|_| "hex".to_owned()));
        flag("--require", Some("none".to_owned()));
        for name in &self.required {
            flag("--require", Some(name.clone()));
        }
        flag("--at", self.now.map(|now| format!("{now:09}")));
        flag("--leeway", Some(format!("{}s", self.leeway)));
        flag("--aud", self.aud.clone());
        flag("--iss", self.iss.clone());
        flag("--sub", self.sub.clone());
        flag("--typ", self.typ.clone());
        flag(
            "--max-age",
            self.max_age.map(|seconds| format!("{seconds}s")),
        );
        if self.signature_only {
            flags.push("--signature-only".to_owned());
        }
        if self.allow_weak_key {
            flags.push("--allow-weak-key".to_owned());
        }
        flags
    }
}
