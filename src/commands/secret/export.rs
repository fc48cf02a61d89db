//! `mcpjwt secret export`: a key for a server, in the form it reads. A *change* with `--to`.

use crate::commands::{misuse, shared};
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::json::Json;
use crate::key::{Key, KeySet, Kind, Part, State};
use crate::place::{Place, dotenv};
use crate::secret::Secret;
use crate::session::places::{self, Replace};
use crate::session::{Session, keys, manifest};
use crate::token::Template;

/// Export a key for a server
///
/// A secret as the text that `JWT_SECRET` takes, a key pair as PEM; other forms by `--format`.
/// `--public` never gives out a private key or a secret.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    key: shared::KeyArguments,
    /// The algorithm it is for, where it does not say so itself
    #[arg(long, value_name = "ALG")]
    alg: Option<String>,
    /// The key of a set [default: the current one]
    #[arg(long, value_name = "KID", allow_hyphen_values = true)]
    kid: Option<String>,
    /// Only the public part of a key pair
    #[arg(long)]
    public: bool,
    /// Write it to this place instead of standard output
    #[arg(long, value_name = "PLACE")]
    to: Option<String>,
    /// The variable of `--format env` [default: `JWT_SECRET`, a public key `JWT_PUBLIC_KEY`]
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// The form: text, env, jwk, jwks or pem [default: text for a secret, else pem]
    #[arg(long, value_name = "FORMAT", value_parser = ["text", "env", "jwk", "jwks", "pem"])]
    format: Option<String>,
    /// Replace whatever the place holds
    #[arg(long)]
    force: bool,
    /// Show what would be written, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let mut gather = Gather::default();
    let to = arguments
        .to
        .as_deref()
        .and_then(|text| gather.take(shared::destination(text)));
    let set = gather.take(arguments.key.ring(session));
    let named = arguments.env.as_deref();
    if named.is_some_and(|name| !dotenv::is_name(name)) {
        gather.add(misuse(
            "`--env` is no name of a variable",
            "letters, digits and `_`, not beginning with a digit",
        ));
    }
    let alg = gather.take(shared::optional_algorithm(arguments.alg.as_deref()));
    gather.done()?;
    let set = set.ok_or_else(|| Error::new(Code::Internal, "a key without a result"))?;
    let is_printed = matches!(to, None | Some(Place::Std));
    if is_printed && session.json {
        return Err(misuse(
            "without `--to` the key itself is printed, and no document is written",
            "leave out `--json`, or name a place with `--to PLACE`",
        )
        .into());
    }
    let set = set.declaring(alg.flatten())?;
    let text = exported(arguments, &set, session)?;
    match to {
        None | Some(Place::Std) if arguments.dry_run => session.note("would print the key"),
        None | Some(Place::Std) => session.host.terminal.out(text.expose())?,
        Some(place) => {
            let value = match place {
                Place::File(_) => text,
                _ => Secret::new(text.expose().trim_ascii_end().to_vec()),
            };
            let edit = if arguments.public {
                let replace = if arguments.force {
                    Replace::Anything
                } else {
                    Replace::Public
                };
                places::decide_public(&place, value, replace, session)?
            } else {
                let replace = if arguments.force {
                    Replace::AnyKey
                } else {
                    Replace::Nothing
                };
                places::decide(&place, value, replace, session).map_err(|error| {
                    match error.code {
                        Code::KeyExists => error.hint("to replace it all the same, add `--force`"),
                        _ => error,
                    }
                })?
            };
            if arguments.dry_run {
                session.show(&edit.shown());
            } else if edit.is_done() {
                session.note(&format!("`{place}` has it already"));
            } else {
                places::write(&[edit], session).1?;
                session.note(&format!("wrote the key to `{place}`"));
            }
            if session.json {
                let body = vec![("place", place.to_string().into())];
                session.document(Outcome::Done, body, &[])?;
            }
        }
    }
    Ok(Outcome::Done)
}

/// The text, with a line end.
fn exported(
    arguments: &Arguments,
    set: &KeySet,
    session: &mut Session<'_, '_>,
) -> Result<Secret, Errors> {
    let key = match arguments.kid.as_deref() {
        None if arguments.public => set
            .signing()
            .or_else(|error| set.keys.first().ok_or(error))?,
        kid => keys::choose(set, kid)?,
    };
    let part = if arguments.public {
        Part::Public
    } else {
        Part::Private
    };
    if arguments.public && key.kind() == Kind::Secret {
        return Err(Error::new(Code::KeyUnusable, "a secret has no public part")
            .hint("servers that check HS256 need the secret itself: leave out `--public`")
            .into());
    }
    let form = arguments
        .format
        .as_deref()
        .unwrap_or(match (key.kind(), arguments.env.is_some()) {
            (_, true) => "env",
            (Kind::Secret, false) => "text",
            _ => "pem",
        });
    if arguments.env.is_some() && form != "env" {
        return Err(misuse(
            "`--env` names the variable of `--format env`",
            "leave out one of the two",
        )
        .into());
    }
    let text = match form {
        "text" if key.kind() != Kind::Secret => {
            return Err(misuse("only a secret is plain text", "use `--format pem`").into());
        }
        "text" => key.to_text()?,
        "pem" => key.to_pem(part)?,
        "jwk" => Secret::from(key.to_jwk(part)?.pretty()),
        "jwks" if arguments.public => {
            let now = session.host.facts.now;
            let text = if arguments.kid.is_some() {
                // Asked for by name it is given out, whatever its standing.
                let key = key.duplicate().standing(State::Current, None, None);
                KeySet::of(vec![key]).to_public_jwks(now)
            } else {
                set.to_public_jwks(now)
            };
            Secret::from(text)
        }
        "jwks" => {
            Secret::from(Json::object([("keys", Json::Array(vec![key.to_jwk(part)?]))]).pretty())
        }
        _ => env_lines(arguments, key, part, session)?,
    };
    Ok(text.with_line_end())
}

/// `NAME=..` and what a verifier reads beside it.
fn env_lines(
    arguments: &Arguments,
    key: &Key,
    part: Part,
    session: &mut Session<'_, '_>,
) -> Result<Secret, Errors> {
    let alg = key.algorithm(None)?.name();
    let default = match (key.kind(), part) {
        (Kind::Secret, _) => "JWT_SECRET",
        (_, Part::Public) => "JWT_PUBLIC_KEY",
        (_, Part::Private) => "JWT_PRIVATE_KEY",
    };
    let name = arguments.env.as_deref().unwrap_or(default);
    let line = if key.kind() == Kind::Secret {
        let text = key.to_text()?;
        let set = dotenv::set("", name, text.expose_str().unwrap_or_default());
        Secret::from(set.map_err(|error| {
            error.hint("use `--format jwk`, or `--to file:PATH` without `--format env`")
        })?)
    } else {
        let pem = key.to_pem(part)?;
        // One line, with `\n` for line ends inside double quotes: what .env readers take a PEM in.
        let lines: Vec<&str> = pem.expose_str().unwrap_or_default().lines().collect();
        let pem = Secret::from(lines.join("\\n"));
        if part == Part::Private {
            session.note("this is the private key; a server needs `--public`");
        }
        let pem = pem.expose_str().unwrap_or_default();
        Secret::from([name, "=\"", pem, "\"\n"].concat())
    };
    let (iss, aud) = verified(session)?;
    let beside = [
        ("JWT_ALGORITHM", alg, ""),
        ("JWT_ISSUER", &iss, "MCPJWT_ISS"),
        ("JWT_AUDIENCE", &aud, "MCPJWT_AUD"),
    ];
    let mut rest = String::new();
    for (other, value, from) in beside {
        if other == name {
            return Err(misuse(
                &format!("`--env` is `{other}`, which is written beside the key"),
                "give the key a name of its own",
            )
            .into());
        }
        rest = dotenv::set(&rest, other, value).map_err(|error| {
            error.hint(format!(
                "change `{from}`, or take the key alone with `--format jwk`"
            ))
        })?;
    }
    let text = [line.expose(), rest.as_bytes()].concat();
    Ok(Secret::new(text))
}

/// The issuer and the audience that a server is to ask for: those that `issue` takes.
fn verified(session: &mut Session<'_, '_>) -> Result<(String, String), Errors> {
    let loaded = manifest::find(session)?;
    let own = loaded.as_ref().map(|loaded| &loaded.manifest);
    let iss = manifest::issuer(own, &session.host.facts);
    let aud = manifest::audiences(own, &session.host.facts);
    if aud.len() > 1 {
        session.note(&format!(
            "`JWT_AUDIENCE` is the first audience of the manifest; it has `{}`",
            aud.join("`, `")
        ));
    }
    for (name, is_assumed) in [
        ("JWT_ISSUER", iss.is_none()),
        ("JWT_AUDIENCE", aud.is_empty()),
    ] {
        if is_assumed {
            session.note(&format!(
                "nothing says another `{name}`, so it is the one that `mcpjwt issue` takes then"
            ));
        }
    }
    let aud = aud.into_iter().next();
    Ok((
        iss.unwrap_or_else(|| Template::ISS.to_owned()),
        aud.unwrap_or_else(|| Template::AUD.to_owned()),
    ))
}
