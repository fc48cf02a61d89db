//! What is planned for each kind of entry and each mode.

use crate::client::{Config, Means, Plan, System, Where, Wish, configs, find, plan};
use crate::error::Error;
use expect_test::expect;
use std::path::PathBuf;

/// A config of a client on Linux.
pub(super) fn config(name: &str) -> Config {
    let place = Where {
        system: System::Linux,
        home: Some(PathBuf::from("/home/me")),
        project: PathBuf::from("/home/me/shop"),
        env: &|_| None,
    };
    configs(find(name).unwrap(), &place).remove(0)
}

pub(super) fn wish(server: &str, means: Means) -> Wish {
    Wish {
        server: server.to_owned(),
        url: None,
        command: Vec::new(),
        variable: None,
        header: None,
        means,
    }
}

pub(super) fn is_token(text: &str) -> bool {
    text.starts_with("eyJ")
}

fn edited(name: &str, text: &str, wish: &Wish) -> Result<(Plan, String), Error> {
    let config = config(name);
    let plan = plan(&config, Some(text), wish, is_token)?;
    let text = config.format.apply(text, &plan.changes(Some("eyJnew")))?;
    Ok((plan, text))
}

#[test]
fn a_header_keeps_its_scheme() {
    let text = "{\n  \"mcpServers\": {\n    \"exai\": { \"url\": \"http://x/mcp\", \"headers\": { \"authorization\": \"bearer eyJold\" } }\n  }\n}\n";
    let (plan, new) = edited("cursor", text, &wish("exai", Means::Literal)).unwrap();
    assert_eq!(new, text.replace("eyJold", "eyJnew"));
    assert_eq!(plan.url.as_deref(), Some("http://x/mcp"));
    assert!(plan.foreign.is_empty());
}

#[test]
fn a_new_entry_is_written_as_the_client_wants_it() {
    let wish = Wish {
        url: Some("http://x/mcp".to_owned()),
        ..wish("exai", Means::Literal)
    };
    let (_, new) = edited("claude-code", "", &wish).unwrap();
    expect![[r#"
        {
          "mcpServers": {
            "exai": {
              "type": "http",
              "url": "http://x/mcp",
              "headers": {
                "Authorization": "Bearer eyJnew"
              }
            }
          }
        }
    "#]]
    .assert_eq(&new);
}
