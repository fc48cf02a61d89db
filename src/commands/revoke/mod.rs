//! `mcpjwt revoke`: put tokens onto the list that `verify` reads. A *change*: what is meant, what
//! is known of it, ask, the list, the ledger, then Redis.

mod aim;
mod given;
mod list;
mod redis;
mod tell;

use self::aim::Aim;
use super::misuse;
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::session::ledger::{self, Kept};
use crate::session::manifest;
use crate::session::{Session, revocations};

pub(super) const MEMBERS: &[&str] = &["revoked", "list", "accepted_until", "redis"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    (
        "a token that leaked, wherever it was found",
        "mcpjwt revoke \"$TOKEN\" --reason \"in a public log\"",
    ),
    (
        "every token that a subject has now; its next one is good",
        "mcpjwt revoke --sub vscode2@exai-mcp.local",
    ),
    (
        "for a server that asks Redis, whose URL has a password",
        "mcpjwt revoke \"$TOKEN\" --redis env:REDIS_URL",
    ),
    (
        "what was revoked, for other programs",
        "mcpjwt revoke --list --json",
    ),
];

/// Revoke tokens before they expire
///
/// They go onto a list, the manifest's (`revoked`), else your own. `verify` and `status` read it,
/// and nothing on it is minted. A server that does not read it accepts them until they expire:
/// that is told at the end, with what to do about it.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("which").required(true).args(["token", "jti", "sub", "kid", "run", "list"])))]
pub(super) struct Arguments {
    /// A token, a place that holds one, or `-` for standard input
    #[arg(value_name = "TOKEN|PLACE")]
    token: Option<String>,
    /// The token of this id
    #[arg(long, value_name = "ID")]
    jti: Option<String>,
    /// Every token of this subject up to now
    #[arg(long, value_name = "NAME")]
    sub: Option<String>,
    /// Every token of this key
    #[arg(long, value_name = "KID", allow_hyphen_values = true)]
    kid: Option<String>,
    /// Every token of one run of `issue --from`, by the id that theirs begin with
    #[arg(long, value_name = "ID")]
    run: Option<String>,
    /// Show what was revoked; with --json, for other programs
    #[arg(long, conflicts_with_all = ["reason", "redis", "yes", "dry_run"])]
    list: bool,
    /// The issuer of the token or subject [default: as the ledger knows it, else as `issue` has it]
    #[arg(long, value_name = "ISSUER", conflicts_with_all = ["token", "kid", "run", "list"])]
    iss: Option<String>,
    /// Why, for whoever meets it
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Tell this Redis server too, under `blacklist:ID` and `blacklist:TOKEN`; a URL with a password only in a place
    #[arg(long, value_name = "PLACE|URL")]
    redis: Option<String>,
    /// Revoke what the token claims to be although its signature does not fit
    #[arg(long)]
    force: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Keep no record in the ledger
    #[arg(long)]
    no_record: bool,
    /// Show what would be revoked, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let mut gather = Gather::default();
    let loaded = gather.take(manifest::find(session)).flatten();
    let push = arguments.redis.as_deref();
    let push = push.and_then(|text| gather.take(redis::parse(text)));
    for (option, value) in [
        ("--jti", &arguments.jti),
        ("--sub", &arguments.sub),
        ("--kid", &arguments.kid),
        ("--reason", &arguments.reason),
    ] {
        if value.as_ref().is_some_and(String::is_empty) {
            gather.add(super::shared::empty(option));
        }
    }
    gather.done()?;
    let loaded = loaded.as_deref();
    if arguments.list {
        return list::run(loaded, session);
    }

    let mut gather = Gather::default();
    // A list that cannot be read is no list to add to.
    let revoked = gather.take(revocations::load(loaded, session));
    let revoked = revoked.unwrap_or_default();
    let target = gather.take(revocations::target(loaded, session));
    let server = push.and_then(|push| gather.take(push.server(session)));
    let aim = gather.take(aim::take(arguments, (loaded, &revoked), session));
    gather.done()?;
    let (Some(target), Some(aim)) = (target, aim) else {
        return Err(Error::new(Code::Internal, "arguments without a result").into());
    };
    if aim.is_over(session.host.facts.now) {
        return tell::over(&aim, session);
    }
    let commands = server.as_ref().map(|_| redis::commands(&aim, session));
    let commands = commands.transpose()?.unwrap_or_default();
    let pushed = server.as_ref().map(|server| tell::Pushed {
        server: server.shown(),
        count: commands.len(),
    });
    if arguments.dry_run {
        return tell::plan(&aim, &target.path, pushed.as_ref(), session);
    }
    if asks(arguments, session) && !agreed(&aim, session)? {
        return session.declined(MEMBERS);
    }

    let added = revocations::add(&aim.entries, loaded, session)?;
    let mut gather = Gather::default();
    if !arguments.no_record && added.contains(&true) {
        gather.take(record(&aim, session));
    }
    if let Some(server) = server.filter(|_| !commands.is_empty()) {
        let sent = session.host.network.redis(&server, &commands);
        gather.take(sent.map_err(|error| still_listed(error, &target.path, session)));
    }
    gather.done()?;
    tell::done(&aim, &target.path, (&added, pushed.as_ref()), session)
}

/// Whether a person is asked first: what is revoked is more than can be seen on the line.
fn asks(arguments: &Arguments, session: &Session<'_, '_>) -> bool {
    let facts = &session.host.facts;
    let is_wide = arguments.sub.is_some() || arguments.kid.is_some();
    is_wide && !arguments.yes && facts.stdin_is_terminal && facts.stderr_is_terminal
}

fn agreed(aim: &Aim, session: &mut Session<'_, '_>) -> Result<bool, Errors> {
    let question = format!("revoke {}? [y/N] ", tell::called_wholly(aim, session));
    let reply = session.ask(&question)?;
    Ok(matches!(reply.trim(), "y" | "Y" | "yes"))
}

/// Records what was revoked. Where nothing can be written it is revoked all the same.
fn record(aim: &Aim, session: &mut Session<'_, '_>) -> Result<(), Error> {
    match ledger::append(&aim.records, Kept::Written, session) {
        Err(error) if error.code == Code::StateUnwritable => {
            session.warn(error.hint("to leave the record out, add `--no-record`"));
            Ok(())
        }
        done => done,
    }
}

/// The error of the server, saying that the rest is done.
fn still_listed(error: Error, list: &std::path::Path, session: &Session<'_, '_>) -> Error {
    let list = manifest::shown(list, session);
    let message = format!("{}; `{list}` has it", error.message);
    let hint = error.hint.clone();
    let hint = hint.unwrap_or_else(|| "once the server answers, type the same again".to_owned());
    Error { message, ..error }.hint(hint)
}

/// That an option has a value that it cannot have.
fn no_run() -> Error {
    misuse(
        "`--run` takes the 32 hexadecimal digits that the `jti` of the tokens of a run begin with",
        "such as `--run 0123456789abcdef0123456789abcdef`; see one with `mcpjwt decode TOKEN`",
    )
}
