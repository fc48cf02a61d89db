//! What stands in a header or variable: a scheme, and a token or what stands for one.

/// The scheme in front of a value with its blank (`Bearer `), and the rest.
pub(super) fn split(value: &str) -> (&str, &str) {
    let trimmed = value.trim_start();
    let (word, rest) = trimmed.split_once(' ').unwrap_or((trimmed, ""));
    let is_scheme = word.len() > 1 && word.bytes().all(|b| b.is_ascii_alphabetic());
    let is_one = !rest.trim().contains(char::is_whitespace);
    let is_bearer = word.eq_ignore_ascii_case("bearer");
    if is_scheme && (is_bearer || (is_one && !rest.trim().is_empty())) {
        let at = value.len() - rest.len();
        return value.split_at(at);
    }
    ("", value)
}

/// What stands in front of the token where one is put: what is there already; `Bearer ` in a new
/// `Authorization`; else nothing.
pub(super) fn scheme(seen: Option<&str>, name: &str) -> String {
    match seen.filter(|seen| !seen.trim().is_empty()).map(split) {
        Some((scheme, _)) if scheme.ends_with(' ') || scheme.is_empty() => scheme.to_owned(),
        Some((scheme, _)) => format!("{scheme} "),
        None if name.eq_ignore_ascii_case("authorization") => "Bearer ".to_owned(),
        None => String::new(),
    }
}

/// Whether a shell command is one that we write.
pub(super) fn is_helper(command: &str) -> bool {
    command.contains("mcpjwt") && command.contains(" headers ")
}

/// The reference of a way, filled.
pub(super) fn filled(template: &str, with: &str) -> String {
    template.replace("{}", with)
}

/// What `mcpjwt exec` starts, where that is what a command does: the variable it sets, and the
/// command behind `--`.
pub(super) fn unwrapped(command: &[String]) -> Option<(Option<&String>, &[String])> {
    let program = command.first()?.rsplit(['/', '\\']).next()?;
    if !matches!(program, "mcpjwt" | "mcpjwt.exe") {
        return None;
    }
    let end = command.iter().position(|word| word == "--")?;
    let (ours, rest) = command.split_at(end);
    ours.iter().find(|word| *word == "exec")?;
    let variable = ours.iter().skip_while(|word| *word != "--env").nth(1);
    Some((variable, &rest[1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_told_from_values() {
        #[rustfmt::skip]
        let cases = [
            ("Bearer eyJh.b.c",      "Bearer ",  "eyJh.b.c"),
            ("bearer ${input:pat}",  "bearer ",  "${input:pat}"),
            ("Bearer $(pass show x)", "Bearer ", "$(pass show x)"),
            ("Token x",              "Token ",   "x"),
            ("Bearer ",              "Bearer ",  ""),
            ("Bearer",               "Bearer",   ""),
            ("Bearer  x",            "Bearer ",  " x"),
            ("eyJh.b.c",             "",         "eyJh.b.c"),
            ("three little words",   "",         "three little words"),
            ("hunter2 x",            "",         "hunter2 x"),
            ("word",                 "",         "word"),
            ("",                     "",         ""),
        ];
        for (value, scheme, rest) in cases {
            assert_eq!(split(value), (scheme, rest), "{value}");
        }
    }

    #[test]
    fn a_scheme_is_kept_and_a_new_authorization_gets_one() {
        #[rustfmt::skip]
        let cases = [
            (Some("Token x"),   "Authorization",  "Token "),
            (Some("bearer x"),  "authorization",  "bearer "),
            (Some("Bearer"),    "Authorization",  "Bearer "),
            (Some("eyJh.b.c"),  "Authorization",  ""),
            (Some(" "),         "Authorization",  "Bearer "),
            (None,              "AUTHORIZATION",  "Bearer "),
            (None,              "X-Token",        ""),
        ];
        for (seen, name, want) in cases {
            assert_eq!(scheme(seen, name), want, "{seen:?} {name}");
        }
    }

    #[test]
    fn a_command_of_ours_is_known_again() {
        let words = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        #[rustfmt::skip]
        let cases = [
            ("/opt/mcpjwt -m /m.toml exec x --env T -- node s.js", Some((Some("T"), "node s.js"))),
            ("C:\\bin\\mcpjwt.exe exec x -- node -- s.js",         Some((None, "node -- s.js"))),
            ("mcpjwt headers x -- y",                              None),
            ("mcpjwt exec x",                                      None),
            ("node exec -- y",                                     None),
        ];
        for (text, want) in cases {
            let command = words(text);
            let got = unwrapped(&command);
            let got = got.map(|(name, rest)| (name.map(String::as_str), rest.join(" ")));
            let want = want.map(|(name, rest): (_, &str)| (name, rest.to_owned()));
            assert_eq!(got, want, "{text}");
        }
    }
}
