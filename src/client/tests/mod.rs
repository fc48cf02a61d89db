//! Plans against small configs. `tests/clients.rs` has every client and the table itself.

mod layouts;
mod paths;
mod plans;
mod warnings;

use std::path::PathBuf;

use super::{Config, Means, Plan, System, Where, Wish, configs, find, plan};
use crate::error::Error;

/// The configs of a client on Windows, where every client has one.
fn configs_of(name: &str) -> Vec<Config> {
    let place = Where {
        system: System::Windows,
        home: Some(PathBuf::from("/home/me")),
        project: PathBuf::from("/home/me/shop"),
        env: &|_| None,
    };
    configs(find(name).unwrap(), &place)
}

/// The config of a client of most use.
fn config(name: &str) -> Config {
    configs_of(name).remove(0)
}

fn wish(server: &str) -> Wish {
    Wish {
        server: server.to_owned(),
        url: None,
        command: Vec::new(),
        variable: None,
        header: None,
        means: Means::Literal,
    }
}

fn is_token(text: &str) -> bool {
    text.starts_with("eyJ")
}

fn planned(config: &Config, text: &str, wish: &Wish) -> Result<(Plan, String), Error> {
    let plan = plan(config, Some(text), wish, is_token)?;
    let text = config.format.apply(text, &plan.changes(Some("eyJnew")))?;
    Ok((plan, text))
}
