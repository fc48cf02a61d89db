//! Documents written in any way that a reader takes.

use proptest::collection::vec;
use proptest::prelude::*;

/// Which lines end with CR LF: none, all, or every so many.
type Ends = usize;

/// Line ends, a byte order mark, and what the last line ends with.
fn finished(text: &str, (ends, bom, end): (Ends, bool, &str)) -> String {
    let text = format!("{text}{end}");
    let mut out = String::from(if bom { "\u{feff}" } else { "" });
    for (index, line) in text.split_inclusive('\n').enumerate() {
        match line.strip_suffix('\n') {
            Some(line) if ends > 0 && index % ends == 0 => out.push_str(&format!("{line}\r\n")),
            _ => out.push_str(line),
        }
    }
    out
}

fn manner() -> impl Strategy<Value = (Ends, bool, &'static str)> {
    let end = prop_oneof![Just(""), Just("\n"), Just("\n\n"), Just("\n# c"), Just(" ")];
    let ends = prop_oneof![2 => Just(0), 2 => Just(1), 1 => Just(2), 1 => Just(3)];
    (ends, any::<bool>(), end)
}

/// JSON with comments, blanks and commas wherever they may be.
pub(super) fn json() -> impl Strategy<Value = String> {
    let outside = || prop_oneof![3 => Just(""), 1 => Just("// c\n"), 1 => Just("\n /* { */ "), 1 => Just("\n\n")];
    let body = prop_oneof![8 => container(), 1 => Just(String::new())];
    (outside(), body, outside(), manner()).prop_map(|(before, body, after, (ends, bom, end))| {
        let end = if end.contains('#') { "\n// c" } else { end };
        finished(&format!("{before}{body}{after}"), (ends, bom, end))
    })
}

fn container() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("1".to_owned()),
        Just("-1.50e+3".to_owned()),
        Just("\"a/*,}\\\"// b\"".to_owned()),
        Just("\"\\u0041é\"".to_owned()),
        Just("null".to_owned()),
        Just("true".to_owned()),
        gap().prop_map(|gap| format!("{{{gap}}}")),
        gap().prop_map(|gap| format!("[{gap}]")),
    ];
    let inner = leaf.prop_recursive(4, 24, 4, |inner| {
        let array = (vec(inner.clone(), 1..4), manner_of_list())
            .prop_map(|(items, manner)| list('[', &items, &manner));
        prop_oneof![object(inner).boxed(), array.boxed()]
    });
    object(inner)
}

fn object(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let colon =
        prop_oneof![4 => Just(": "), 2 => Just(":"), 1 => Just(" :\n "), 1 => Just(": /* : */ ")];
    let members = vec((value, colon), 0..4);
    (members, manner_of_list()).prop_map(|(members, manner)| {
        let names = ["a", "b/~", "\\u0063 \\\"", "é"];
        let members = names.iter().zip(members);
        let members = members.map(|(name, (value, colon))| format!("\"{name}\"{colon}{value}"));
        list('{', &members.collect::<Vec<_>>(), &manner)
    })
}

/// What stands in front of an item, behind it, and before the closing bracket, and whether a
/// comma is there, too; all alike, or each for itself.
type Manner = (Vec<(&'static str, &'static str)>, &'static str, bool, bool);

fn manner_of_list() -> impl Strategy<Value = Manner> {
    (vec((gap(), gap()), 4), gap(), any::<bool>(), any::<bool>())
}

fn list(open: char, items: &[String], manner: &Manner) -> String {
    let (gaps, last, comma, alike) = manner;
    let mut out = open.to_string();
    for (index, item) in items.iter().enumerate() {
        let (before, after) = if *alike { (gaps[0].0, "") } else { gaps[index] };
        out.push_str(if index > 0 { "," } else { "" });
        out.push_str(&format!("{before}{item}{after}"));
    }
    out.push_str(if *comma && !items.is_empty() { "," } else { "" });
    out.push_str(last);
    out.push(if open == '{' { '}' } else { ']' });
    out
}

fn gap() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        4 => Just(""),
        2 => Just(" "),
        2 => Just("\n"),
        2 => Just("\n  "),
        2 => Just("\n\t\t"),
        1 => Just("  \n\n "),
        1 => Just(" /*,*/ "),
        1 => Just("/* {\n */"),
        1 => Just(" // x]\n  "),
        1 => Just(" // y\n  // z\n"),
        1 => Just(" // \u{a0}\n"),
        1 => Just("// x\r"),
        1 => Just("\r"),
    ]
}

/// TOML with every kind of header, key and value.
pub(super) fn toml() -> impl Strategy<Value = String> {
    let section = (0..5_usize, spaces(), blanks(), comment(), lines());
    (lines(), vec(section, 0..5), manner()).prop_map(|(root, sections, manner)| {
        let mut text = root;
        for (index, (kind, indent, above, comment, lines)) in sections.into_iter().enumerate() {
            let header = match kind {
                0 => format!("[s{index}]"),
                1 => format!("[ p . s{index} ]"),
                2 => format!("[p.\"s {index}\".q]"),
                3 => format!("[p.0.n{index}]"),
                _ => "[[l]]".to_owned(),
            };
            text.push_str(&format!("{above}{indent}{header}{comment}\n{lines}"));
        }
        let text = text.strip_suffix('\n').unwrap_or(&text);
        finished(text, manner)
    })
}

fn blanks() -> impl Strategy<Value = &'static str> {
    prop_oneof![3 => Just("\n"), 1 => Just(""), 1 => Just("\n\n"), 1 => Just("\n# [c]\n"), 1 => Just("# c\n\n"), 1 => Just(" \n")]
}

fn spaces() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just(""), 1 => Just("  "), 1 => Just("\t")]
}

fn comment() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just(""), 1 => Just(" # c = [1]"), 1 => Just("  ")]
}

fn lines() -> impl Strategy<Value = String> {
    let equals = prop_oneof![4 => Just(" = "), 1 => Just("="), 1 => Just("  =\t")];
    let line = (
        spaces(),
        equals,
        toml_value(),
        comment(),
        blanks(),
        any::<bool>(),
    );
    vec(line, 0..4).prop_map(|lines| {
        let keys = ["k", "\"a b\"", "d.x", "d . 'y.z'"];
        let lines = keys.iter().zip(lines);
        let lines = lines.map(|(key, (indent, equals, value, comment, blanks, gap))| {
            let blanks = if gap { blanks } else { "" };
            format!("{indent}{key}{equals}{value}{comment}\n{blanks}")
        });
        lines.collect()
    })
}

fn toml_value() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "1_000",
        "0x1F",
        "1.50e+3",
        "inf",
        "true",
        "\"x # \\\" y\"",
        "'C:\\d'",
        "\"\"\"\nm # [t]\n  k = 1\"\"\"",
        "1979-05-27 07:32:00Z",
        "[]",
        "[ ]",
        "[1, 2]",
        "[\n  1, # c\n  2,\n]",
        "[\n  'a'\n]",
        "[{ a = 1 }, { b = [2] }]",
        "{}",
        "{  }",
        "{ a = 1, b.c = 'x' }",
        "{a=1,b={c=2}}",
        "{ \"q q\" = [1] }",
        "{ a = 1, }",
        "{\n  a = 1, # c\n  b.c = 2\n}",
        "{ # c\n}",
    ])
}
