//! What is said of the options of a command line, said of the keys of a manifest.

use crate::manifest::DESTINATION;

/// The same text, with each option in backticks as the key that says the same in a manifest;
/// `None` where there is no option in it.
///
/// The keys of a place are called as the options are.
pub fn keys_for_options(text: &str) -> Option<String> {
    // What a command line has at its end has no name there.
    let text = text.replace(
        "`--env NAME -- COMMAND ARG..` last on the line",
        "`--env NAME` and `--command [\"COMMAND\", \"ARG\", ..]`",
    );
    let mut is_other = false;
    let mut key = |(at, part): (usize, &str)| {
        let option = part.strip_prefix("--").filter(|_| at % 2 == 1);
        let (name, value) = option.map_or(("", None), |option| match option.split_once(' ') {
            None => (option, None),
            Some((name, value)) => (name, Some(value)),
        });
        if !DESTINATION.iter().any(|key| key.name == name) {
            return part.to_owned();
        }
        is_other = true;
        match value {
            None => name.to_owned(),
            Some(list) if list.starts_with('[') => format!("{name} = {list}"),
            Some(value) => format!("{name} = \"{value}\""),
        }
    };
    let parts: Vec<String> = text.split('`').enumerate().map(&mut key).collect();
    is_other.then(|| parts.join("`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_a_key() {
        #[rustfmt::skip]
        let cases = [
            ("name a variable by `--env NAME`",               "name a variable by `env = \"NAME\"`"),
            ("leave out `--header`, or choose another mode",  "leave out `header`, or choose another mode"),
            ("by `--mode env` or `--mode file`",              "by `mode = \"env\"` or `mode = \"file\"`"),
            ("leave out `--env`, or name it by `--header H`", "leave out `env`, or name it by `header = \"H\"`"),
            ("write `--url URL`, or `--env NAME -- COMMAND ARG..` last on the line",
             "write `url = \"URL\"`, or `env = \"NAME\"` and `command = [\"COMMAND\", \"ARG\", ..]`"),
        ];
        for (text, want) in cases {
            assert_eq!(keys_for_options(text).as_deref(), Some(want), "{text}");
        }
        for text in [
            "",
            "look at `.env`",
            "run `mcpjwt sync --renew`",
            "a -- b `c`",
            "without: `--no-manifest`",
        ] {
            assert_eq!(keys_for_options(text), None, "{text}");
        }
    }
}
