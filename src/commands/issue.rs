//! `mcpjwt issue`: mint tokens. A *change*: settle the arguments, read the key and the places,
//! decide what to mint, then record, write, record.

use super::shared::{self, KeyArguments};
use super::{claims, misuse};
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::json::Json;
use crate::key::{Algorithm, Key, KeySet, Signer};
use crate::place::{self, Place};
use crate::secret::Secret;
use crate::session::keys::{self, Wanted};
use crate::session::places::{self, Replace};
use crate::session::{Session, ledger};
use crate::state::ledger::{Event, Record, VERSION};
use crate::token;

pub(super) const MEMBERS: &[&str] = &["tokens"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    (
        "a token for one client, on standard output",
        "mcpjwt issue --sub vscode1",
    ),
    (
        "for a server that checks issuer and audience, 90 days, into a .env file",
        "mcpjwt issue --sub vscode1 --iss exai --aud https://mcp.example.com --ttl 90d --to dotenv:.env#MCP_TOKEN",
    ),
    (
        "with the secret of a server",
        "mcpjwt issue --sub ci --key dotenv:.env.docker#JWT_SECRET_KEY",
    ),
];

/// Mint a token
///
/// The token goes to standard output. With `--to` it goes into that place instead, and nothing
/// secret is printed. On a new machine the first run makes a key and says so.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Who the token is for, its `sub`; repeat for several tokens
    #[arg(long, value_name = "NAME", required = true)]
    sub: Vec<String>,
    #[command(flatten)]
    claims: claims::Arguments,
    #[command(flatten)]
    key: KeyArguments,
    /// The key of a set to sign with [default: the current one]
    #[arg(long, value_name = "KID")]
    kid: Option<String>,
    /// The algorithm to sign by, where the key leaves it open [default: by the kind of key]
    #[arg(long, value_name = "ALG")]
    alg: Option<String>,
    /// Mint an access and a refresh token, as an OAuth token response
    #[arg(long)]
    pair: bool,
    /// How long the refresh token of `--pair` lasts [default: 90d]
    #[arg(long, value_name = "DURATION", requires = "pair")]
    refresh_ttl: Option<String>,
    /// Write the token to this place instead of standard output (`-`); repeat for several
    #[arg(long, value_name = "PLACE")]
    to: Vec<String>,
    /// What to write: the bare token, `NAME=token`, or an `Authorization` header
    #[arg(long, value_name = "FORMAT", value_parser = ["token", "env", "header"])]
    format: Option<String>,
    /// The variable of `--format env` [default: `MCP_TOKEN`]
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Replace whatever a place holds
    #[arg(long)]
    force: bool,
    /// Keep no record in the ledger
    #[arg(long)]
    no_record: bool,
    /// Show what would be minted and written, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// The arguments after they were found sound.
struct Settled {
    subs: Vec<String>,
    template: claims::Template,
    wanted: Wanted,
    alg: Option<Algorithm>,
    refresh_ttl: Option<i64>,
    to: Vec<Place>,
    layout: Layout,
}

/// How a token is written out.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Layout {
    Token,
    Env(String),
    Header,
}

/// A token that was decided on.
struct Minted {
    sub: String,
    record: Record,
    claims: Json,
    /// What is written: the token in its layout, or the pair as JSON.
    text: Secret,
    /// The bare token, for `--json` on standard output.
    token: Secret,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let settled = settle(arguments, session)?;
    let (set, made) = read_key(&settled, arguments, session)?;
    let Some(set) = set else {
        session.note("no key yet: the first run without `--dry-run` makes one");
        return plan(&settled, None, session);
    };
    let key = choose(&set, arguments.kid.as_deref())?;
    let alg = key.algorithm(settled.alg)?;
    if arguments.dry_run {
        return plan(&settled, Some((key, alg)), session);
    }
    let minted = mint(&settled, key, alg, session)?;
    let edits = decide(&settled, &minted, arguments.force, session)?;
    if let Some(path) = made {
        session.warn(
            Error::new(Code::KeyMissing, format!("there was no key yet: made `{}` ({}) in {path}", key.kid(), alg.name()))
                .hint("servers must know it: `mcpjwt secret export` shows it, `mcpjwt secret list` describes it"),
        );
    }
    let recorded = !arguments.no_record && record(&settled, &minted, session)?;
    places::write(&edits, session)?;
    if recorded && edits.iter().any(|edit| edit.place != Place::Std) {
        let installed: Vec<Record> = minted
            .iter()
            .map(|one| Record {
                event: Event::Installed,
                ..one.record.clone()
            })
            .collect();
        ledger::append(&installed, session)?;
    }
    answer(&settled, &minted, session)
}

fn settle(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Settled, Errors> {
    let mut gather = Gather::default();
    let to: Vec<Place> = arguments
        .to
        .iter()
        .filter_map(|text| gather.take(destination(text)))
        .collect();
    let into_place = to.iter().any(|place| *place != Place::Std);
    let template = gather.take(claims::settle(&arguments.claims, into_place, session));
    let alg = arguments
        .alg
        .as_deref()
        .and_then(|text| gather.take(shared::algorithm(text)));
    let wanted = gather.take(arguments.key.wanted(&session.host.facts));
    let refresh_ttl = arguments.pair.then(|| {
        shared::duration(
            "--refresh-ttl",
            arguments.refresh_ttl.as_deref(),
            &mut gather,
        )
        .unwrap_or(90 * 86_400)
    });
    let layout = match (arguments.format.as_deref(), &arguments.env) {
        (Some("env"), name) => {
            let name = name.clone().unwrap_or_else(|| "MCP_TOKEN".to_owned());
            if !is_variable(&name) {
                gather.add(misuse(
                    "`--env` is no name of a variable",
                    "letters, digits and `_`, not beginning with a digit",
                ));
            }
            Layout::Env(name)
        }
        (_, Some(_)) => {
            gather.add(misuse(
                "`--env` names the variable of `--format env`",
                "add `--format env`",
            ));
            Layout::Token
        }
        (Some("header"), None) => Layout::Header,
        _ => Layout::Token,
    };
    if arguments.sub.iter().any(String::is_empty) {
        gather.add(misuse(
            "`--sub` is empty",
            "name the client the token is for, such as `--sub vscode1`",
        ));
    }
    if arguments.sub.len() > 1 && into_place {
        gather.add(misuse(
            "several tokens cannot go into one place",
            "run `mcpjwt issue` once for each `--sub`, each with its `--to`",
        ));
    }
    if arguments.sub.len() > 1 && arguments.claims.jti.is_some() {
        gather.add(misuse(
            "several tokens cannot share one `--jti`",
            "leave `--jti` out: each gets one of its own",
        ));
    }
    if arguments.pair && layout != Layout::Token {
        gather.add(misuse(
            "`--pair` prints an OAuth token response",
            "leave out `--format`",
        ));
    }
    if arguments.pair && to.iter().any(|place| matches!(place, Place::Dotenv { .. })) {
        gather.add(misuse(
            "a pair of tokens does not fit into one variable",
            "write it to `file:PATH`",
        ));
    }
    gather.done()?;
    match (template, wanted) {
        (Some(template), Some(wanted)) => Ok(Settled {
            subs: arguments.sub.clone(),
            template,
            wanted,
            alg,
            refresh_ttl,
            to,
            layout,
        }),
        // Both are missing only with an error, which `done` has returned.
        _ => Err(Error::new(Code::Internal, "arguments without a result").into()),
    }
}

fn destination(text: &str) -> Result<Place, Error> {
    if !place::is_place(text) {
        return Err(misuse(
            &format!(
                "`--to` takes a place, and these {} characters are none",
                text.chars().count()
            ),
            "`file:PATH`, `dotenv:PATH#NAME`, `keyring:SERVICE/ACCOUNT` or `-`",
        ));
    }
    let place = place::parse(text)?;
    places::writable(&place)?;
    Ok(place)
}

fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// The keys, and where the first one was made when it was. `None`: a dry run found no store.
fn read_key(
    settled: &Settled,
    arguments: &Arguments,
    session: &mut Session<'_, '_>,
) -> Result<(Option<KeySet>, Option<String>), Errors> {
    let own_store = matches!(settled.wanted, Wanted::Store);
    match keys::open(&settled.wanted, session)? {
        Some(set) => Ok((Some(set), None)),
        None if own_store && arguments.dry_run => Ok((None, None)),
        None => {
            let (store, set, made) =
                keys::first(settled.alg.unwrap_or(Algorithm::HS256), None, session)?;
            Ok((Some(set), made.then(|| format!("`{}`", store.place()))))
        }
    }
}

fn choose<'k>(set: &'k KeySet, kid: Option<&str>) -> Result<&'k Key, Error> {
    match kid {
        None => set.signing(),
        Some(kid) => set.keys.iter().find(|key| key.kid() == kid).ok_or_else(|| {
            let known: Vec<&str> = set.keys.iter().map(Key::kid).collect();
            Error::new(Code::KeyMissing, "there is no key with that `--kid`")
                .hint(format!("one of {}", known.join(", ")))
        }),
    }
}

/// Signs every token: no file is touched before all of them exist.
fn mint(
    settled: &Settled,
    key: &Key,
    alg: Algorithm,
    session: &mut Session<'_, '_>,
) -> Result<Vec<Minted>, Errors> {
    let signer = Signer::new(key, alg)?;
    let header = |typ: &str| {
        Json::object([
            ("alg", alg.name().into()),
            ("typ", typ.into()),
            ("kid", key.kid().into()),
        ])
    };
    let now = session.host.facts.now;
    let places = settled
        .to
        .iter()
        .filter(|place| **place != Place::Std)
        .map(|place| places::absolute(place, session.host).map(|place| place.to_string()))
        .collect::<Result<Vec<_>, _>>()?;
    let mut minted = Vec::with_capacity(settled.subs.len());
    for sub in &settled.subs {
        let template = &settled.template;
        let mut jti = || -> Result<String, Error> {
            let mut bytes = [0; 16];
            session.host.random.fill(&mut bytes)?;
            Ok(hex::encode(bytes))
        };
        let id = match &template.jti {
            Some(id) => id.clone(),
            None => jti()?,
        };
        let kind = settled.refresh_ttl.map(|_| "access");
        let claims = template.claims(sub, &id, template.exp, kind);
        let token = token::sign(&header(&template.typ), &claims, &signer)?;
        let text = match settled.refresh_ttl {
            None => laid_out(&token, &settled.layout),
            Some(ttl) => {
                let refresh = template.claims(
                    sub,
                    &jti()?,
                    template.at.saturating_add(ttl),
                    Some("refresh"),
                );
                let refresh = token::sign(&header("JWT"), &refresh, &signer)?;
                pair(&token, &refresh, template)
            }
        };
        let record = Record {
            version: VERSION,
            at: now,
            event: Event::Issued,
            jti: id,
            sub: sub.clone(),
            iss: template.iss.clone(),
            aud: template.aud.clone(),
            kid: key.kid().to_owned(),
            iat: template.iat,
            exp: template.exp,
            places: places.clone(),
        };
        minted.push(Minted {
            sub: sub.clone(),
            record,
            claims,
            text,
            token,
        });
    }
    Ok(minted)
}

fn laid_out(token: &Secret, layout: &Layout) -> Secret {
    let token = token.expose_str().unwrap_or_default();
    match layout {
        Layout::Token => Secret::from(token),
        Layout::Env(name) => Secret::from(format!("{name}={token}")),
        Layout::Header => Secret::from(format!("Authorization: Bearer {token}")),
    }
}

/// The OAuth token response (RFC 6749 section 5.1).
fn pair(access: &Secret, refresh: &Secret, template: &claims::Template) -> Secret {
    let text = |secret: &Secret| Json::from(secret.expose_str().unwrap_or_default());
    let mut members = vec![
        ("access_token".to_owned(), text(access)),
        ("token_type".to_owned(), "Bearer".into()),
        ("expires_in".to_owned(), (template.exp - template.at).into()),
        ("refresh_token".to_owned(), text(refresh)),
    ];
    if let Some(scope) = &template.scope {
        members.push(("scope".to_owned(), scope.as_str().into()));
    }
    Secret::from(Json::Object(members).to_string())
}

fn decide(
    settled: &Settled,
    minted: &[Minted],
    force: bool,
    session: &mut Session<'_, '_>,
) -> Result<Vec<places::Edit>, Errors> {
    let replace = if force {
        Replace::Anything
    } else {
        Replace::Tokens
    };
    let mut gather = Gather::default();
    let mut edits = Vec::new();
    for one in minted {
        for place in settled.to.iter().filter(|place| **place != Place::Std) {
            let mut value = one.text.duplicate();
            if let Place::File(_) = place {
                value = line(&value);
            }
            edits.extend(gather.take(places::decide(place, value, replace, session)));
        }
    }
    gather.done()?;
    Ok(edits)
}

fn line(text: &Secret) -> Secret {
    let mut bytes = text.expose().to_vec();
    bytes.push(b'\n');
    Secret::new(bytes)
}

/// Records the tokens before they leave; says whether it did. Without a folder to write in, a
/// token on standard output still comes, one for a place does not.
fn record(
    settled: &Settled,
    minted: &[Minted],
    session: &mut Session<'_, '_>,
) -> Result<bool, Error> {
    let records: Vec<Record> = minted.iter().map(|one| one.record.clone()).collect();
    match ledger::append(&records, session) {
        Ok(()) => Ok(true),
        Err(error)
            if error.code == Code::StateUnwritable
                && settled.to.iter().all(|place| *place == Place::Std) =>
        {
            session.warn(error.hint("to leave the record out, add `--no-record`"));
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

fn answer(
    settled: &Settled,
    minted: &[Minted],
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let to_output = settled.to.is_empty() || settled.to.contains(&Place::Std);
    if session.json {
        let tokens: Vec<Json> = minted.iter().map(|one| described(one, to_output)).collect();
        session.document(Outcome::Done, vec![("tokens", Json::Array(tokens))], &[])?;
        return Ok(Outcome::Done);
    }
    session.template_notes(&settled.template);
    let clock = session.clock();
    for one in minted {
        if to_output {
            session.host.terminal.out(line(&one.text).expose())?;
        }
        for place in settled.to.iter().filter(|place| **place != Place::Std) {
            let until = clock.full(one.record.exp);
            session.note(&format!(
                "wrote the token of `{}` to `{place}`, good until {until}",
                one.sub
            ));
        }
    }
    Ok(Outcome::Done)
}

fn described(one: &Minted, to_output: bool) -> Json {
    let token = to_output.then(|| one.token.expose_str().unwrap_or_default().to_owned());
    let mut members = vec![
        ("token".to_owned(), Json::from(token)),
        ("sub".to_owned(), one.sub.as_str().into()),
        ("jti".to_owned(), one.record.jti.as_str().into()),
        ("kid".to_owned(), one.record.kid.as_str().into()),
        ("exp".to_owned(), one.record.exp.into()),
        (
            "expires".to_owned(),
            crate::time::rfc3339(one.record.exp).into(),
        ),
        ("places".to_owned(), one.record.places.clone().into()),
        ("claims".to_owned(), one.claims.clone()),
    ];
    if one.text != one.token && to_output {
        let text = one.text.expose_str().unwrap_or_default();
        let text = Json::parse(text.as_bytes()).unwrap_or_else(|_| text.into());
        members.push(("response".to_owned(), text));
    }
    Json::Object(members)
}

/// What a dry run shows: the claims, and the places they would go to.
fn plan(
    settled: &Settled,
    key: Option<(&Key, Algorithm)>,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let mut tokens = Vec::new();
    let mut text = String::new();
    for sub in &settled.subs {
        let template = &settled.template;
        let jti = template.jti.as_deref().unwrap_or("(random)");
        let claims = template.claims(
            sub,
            jti,
            template.exp,
            settled.refresh_ttl.map(|_| "access"),
        );
        let places: Vec<String> = settled.to.iter().map(ToString::to_string).collect();
        text.push_str(&format!("would mint {claims}"));
        if let Some((key, alg)) = key {
            text.push_str(&format!(
                "\n  signed by key `{}` ({})",
                key.kid(),
                alg.name()
            ));
        }
        for place in &places {
            text.push_str(&format!("\n  into `{place}`"));
        }
        text.push('\n');
        tokens.push(Json::object([
            ("token", Json::Null),
            ("sub", sub.as_str().into()),
            ("kid", key.map(|(key, _)| key.kid().to_owned()).into()),
            ("exp", template.exp.into()),
            ("places", places.into()),
            ("claims", claims),
        ]));
    }
    // What would be refused when it is meant is refused in the rehearsal.
    if let Some((key, alg)) = key {
        Signer::new(key, alg)?;
        let rehearsal = Secret::from("");
        for place in settled.to.iter().filter(|place| **place != Place::Std) {
            places::decide(place, rehearsal.duplicate(), Replace::Tokens, session)?;
        }
    }
    if session.json {
        session.document(Outcome::Done, vec![("tokens", Json::Array(tokens))], &[])?;
    } else {
        session
            .host
            .terminal
            .err(&crate::report::escape_lines(&text));
    }
    Ok(Outcome::Done)
}
