//! Clients in JSON.

use super::super::mask::masked;
use super::{File, Seen, State, Whose, facets, is_token, kind, modes_of};
use crate::client::{Mode, Sight, Sort};
use crate::json::Json;
use crate::place::tree::{Format, pointer};

/// A client in JSON.
pub fn client_json(seen: &Seen) -> Json {
    let names = |sort| -> Json {
        let modes = modes_of(seen, sort).into_iter().map(Mode::name);
        Json::Array(modes.map(Json::from).collect())
    };
    let mut verified = vec![("weakest".to_owned(), seen.client.weakest().name().into())];
    let (why, instead, reads) = match seen.client {
        Whose::Open(client) => {
            let facets = facets(client).map(|(name, known)| (name.to_owned(), known.name().into()));
            verified.extend(facets);
            let reads = Json::object([
                ("comments", client.reader.comments.into()),
                ("trailing_commas", client.reader.trailing_commas.into()),
                ("byte_order_mark", client.reader.bom.into()),
            ]);
            (None, None, reads)
        }
        Whose::Closed(client) => {
            verified.push(("paths".to_owned(), client.known.name().into()));
            (Some(client.why), client.instead, Json::Null)
        }
    };
    Json::object([
        ("name", seen.client.name().into()),
        ("title", seen.client.title().into()),
        ("found", seen.is_here().into()),
        ("edited", why.is_none().into()),
        ("why", why.map(|why| format!("its config {why}")).into()),
        ("instead", instead.into()),
        (
            "modes",
            Json::object([
                ("remote", names(Sort::Remote)),
                ("stdio", names(Sort::Stdio)),
            ]),
        ),
        ("reads", reads),
        ("verified", Json::Object(verified)),
        (
            "files",
            Json::Array(seen.files.iter().map(file_json).collect()),
        ),
    ])
}

fn file_json(file: &File) -> Json {
    let (found, mode, servers) = match &file.state {
        State::Absent => (false, None, None),
        State::Broken => (true, None, None),
        State::There { mode, servers } => (true, *mode, Some(servers)),
    };
    let format = file.format.map(|format| match format {
        Format::Json => "json",
        Format::Toml => "toml",
    });
    Json::object([
        ("scope", file.scope.into()),
        ("path", file.path.as_str().into()),
        ("found", found.into()),
        ("format", format.into()),
        ("mode", mode.map(|mode| format!("{mode:04o}")).into()),
        (
            "servers",
            servers.map_or(Json::Null, |servers| {
                Json::Array(servers.iter().map(server_json).collect())
            }),
        ),
    ])
}

fn server_json(sight: &Sight) -> Json {
    let (kind, what) = kind(&sight.kind);
    let tokens = sight.texts.iter().filter(|slot| is_token(&slot.value));
    let references = sight.references.iter().map(|reference| {
        Json::object([
            ("mode", reference.mode.name().into()),
            ("at", masked(&pointer(&reference.at)).into()),
            (
                "names",
                Some(masked(&reference.name))
                    .filter(|name| !name.is_empty())
                    .into(),
            ),
        ])
    });
    Json::object([
        ("name", masked(&sight.name).into()),
        ("at", masked(&pointer(&sight.at)).into()),
        ("kind", kind.into()),
        (
            "what",
            Some(what.as_str()).filter(|what| !what.is_empty()).into(),
        ),
        (
            "tokens",
            Json::Array(
                tokens
                    .map(|slot| masked(&pointer(&slot.at)).into())
                    .collect(),
            ),
        ),
        ("references", Json::Array(references.collect())),
    ])
}
