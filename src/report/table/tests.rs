//! Widths, colours and odd tables.

use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn plain(width: Option<u16>) -> Style {
    Style {
        colour: false,
        width,
    }
}

fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
    rows.iter()
        .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
        .collect()
}

const HEADS: [&str; 4] = ["sub", "place", "left", "problem"];

fn example() -> Vec<Vec<String>> {
    rows(&[
        &[
            "vscode1@exai-mcp.local",
            "dotenv:.env#EXAI_JWT_TOKEN_VSCODE1",
            "89 d",
            "",
        ],
        &[
            "日本語",
            "json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN",
            "expired",
            "signed with a key that was retired in May",
        ],
        &["a\u{1b}[2Jb", "-", "1 h", "ß"],
    ])
}

#[test]
fn tables_fit_the_terminal() {
    let cases: [(Option<u16>, Expect); 4] = [
        (
            None,
            expect![[r#"
            SUB                     PLACE                                                                                                  LEFT     PROBLEM
            vscode1@exai-mcp.local  dotenv:.env#EXAI_JWT_TOKEN_VSCODE1                                                                     89 d
            日本語                  json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN  expired  signed with a key that was retired in May
            a\u{1b}[2Jb             -                                                                                                      1 h      ß
        "#]],
        ),
        (
            Some(120),
            expect![[r#"
            SUB                     PLACE                                                          LEFT     PROBLEM
            vscode1@exai-mcp.local  dotenv:.env#EXAI_JWT_TOKEN_VSCODE1                             89 d
            日本語                  json:config/daemon/mcp-config.…-WS-VSCode1/env/EXAI_JWT_TOKEN  expired  signed with a key that
                                                                                                            was retired in May
            a\u{1b}[2Jb             -                                                              1 h      ß
        "#]],
        ),
        (
            Some(80),
            expect![[r#"
                SUB                     PLACE                    LEFT     PROBLEM
                vscode1@exai-mcp.local  dotenv:.env…KEN_VSCODE1  89 d
                日本語                  json:config…I_JWT_TOKEN  expired  signed with a key that
                                                                          was retired in May
                a\u{1b}[2Jb             -                        1 h      ß
            "#]],
        ),
        (
            Some(40),
            expect![[r#"
                SUB      vscode1@exai-mcp.local
                PLACE    dotenv:.env#EXAI_JWT_TOKEN_VSCO
                         DE1
                LEFT     89 d
                PROBLEM

                SUB      日本語
                PLACE    json:config/daemon/mcp-config.a
                         ugmentcode.vscode1.json#/mcpSer
                         vers/EXAI-WS-VSCode1/env/EXAI_J
                         WT_TOKEN
                LEFT     expired
                PROBLEM  signed with a key that was
                         retired in May

                SUB      a\u{1b}[2Jb
                PLACE    -
                LEFT     1 h
                PROBLEM  ß
            "#]],
        ),
    ];
    for (width, want) in cases {
        want.assert_eq(&table(&HEADS, &example(), plain(width)));
    }
}

#[test]
fn colours_do_not_count_as_width() {
    let style = Style {
        colour: true,
        width: Some(24),
    };
    let cells = vec![
        vec![
            style.good("ok"),
            format!("{} of {}", style.bold("one two three"), "four five"),
        ],
        vec![style.bad("refused"), "x".to_owned()],
    ];
    let want = expect![[r#"
        ESC[2mSTATEESC[0m    ESC[2mWHATESC[0m
        ESC[32mokESC[0m       ESC[1mone two threeESC[0m
                 of four five
        ESC[31mrefusedESC[0m  x
    "#]];
    want.assert_eq(&table(&["state", "what"], &cells, style).replace('\u{1b}', "ESC"));
}

#[test]
fn odd_tables_are_tables_too() {
    #[rustfmt::skip]
    let cases = [
        (vec![],                              vec![],                          ""),
        (vec!["a"],                           vec![],                          ""),
        (vec!["a"],                           vec![vec![]],                    "A\n\n"),
        (vec!["a", "b"],                      vec![vec!["1"]],                 "A  B\n1\n"),
        (vec!["a"],                           vec![vec!["1", "2"]],            "A\n1  2\n"),
    ];
    for (heads, body, want) in cases {
        let body: Vec<Vec<String>> = body
            .iter()
            .map(|row| row.iter().map(|cell: &&str| (*cell).to_owned()).collect())
            .collect();
        assert_eq!(table(&heads, &body, plain(Some(40))), want, "{heads:?}");
    }
}

#[test]
fn pairs_hang() {
    let rows: Vec<(String, String)> = [
        ("sub", "vscode1"),
        (
            "scope",
            "index:read index:write search:read admin:everything",
        ),
        ("名前", "x\ny"),
    ]
    .iter()
    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
    .collect();
    expect![[r#"
        sub    vscode1
        scope  index:read index:write
               search:read admin:everything
        名前   x\u{a}y
    "#]]
    .assert_eq(&pairs(&rows, plain(Some(40))));
    expect![[r#"
        sub    vscode1
        scope  index:read index:write search:read admin:everything
        名前   x\u{a}y
    "#]]
    .assert_eq(&pairs(&rows, plain(None)));
    assert_eq!(pairs(&[], plain(None)), "");
}

#[test]
fn of_what_is_to_be_copied_nothing_is_cut() {
    let place = "json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI/env/EXAI_JWT_TOKEN";
    let rows = rows(&[
        &["a", "SHA256:euemDlbUNMlutinq", "in a log, dotenv:.env#T"],
        &["vscode1@exai-mcp.local", "-", place],
    ]);
    let heads = ["sub", "id", "where"];
    let cases: [(u16, Expect); 3] = [
        (
            150,
            expect![[r#"
            SUB                     ID                       WHERE
            a                       SHA256:euemDlbUNMlutinq  in a log, dotenv:.env#T
            vscode1@exai-mcp.local  -                        json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI/env/EXAI_JWT_TOKEN
        "#]],
        ),
        (
            60,
            expect![[r#"
            SUB                     ID
            a                       SHA256:euemDlbUNMlutinq
              in a log, dotenv:.env#T
            vscode1@exai-mcp.local  -
              json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI/env/EXAI_JWT_TOKEN
        "#]],
        ),
        (
            40,
            expect![[r#"
            SUB    a
            ID     SHA256:euemDlbUNMlutinq
            WHERE  in a log, dotenv:.env#T

            SUB    vscode1@exai-mcp.local
            ID     -
            WHERE  json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI/env/EXAI_JWT_TOKEN
        "#]],
        ),
    ];
    for (width, want) in cases {
        want.assert_eq(&whole(&heads, &rows, plain(Some(width))));
    }
}

proptest! {
    #[test]
    fn each_cell_can_be_copied(
        cells in proptest::collection::vec(proptest::collection::vec("[a-z/ 日é🙂]{0,60}", 3), 1..4),
        width in 20..130_u16,
    ) {
        let shown = whole(&["a", "b", "c"], &cells, plain(Some(width)));
        for word in cells.iter().flatten().flat_map(|cell| cell.split(' ')) {
            prop_assert!(shown.contains(word), "{word} {shown}");
        }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal(
        cells in proptest::collection::vec(proptest::collection::vec("[a-z/ 日é🙂]{0,60}", 3), 1..4),
        width in 20..130_u16,
    ) {
        for line in table(&["a", "b", "c"], &cells, plain(Some(width))).lines() {
            let inked = inked(line, plain(None));
            prop_assert!(columns(&inked) <= usize::from(width), "{line:?}");
        }
    }

    #[test]
    fn without_a_width_nothing_is_lost(cell in "[a-z/ 日]{0,400}") {
        let cell = cell.trim().to_owned();
        let shown = table(&["a", "b"], &[vec![cell.clone(), cell.clone()]], plain(None));
        prop_assert!(shown.matches(&cell).count() >= 2);
    }
}
