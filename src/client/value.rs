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
}
