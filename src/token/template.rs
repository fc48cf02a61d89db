//! What a token is minted from: everything but its id and its signature.

use crate::json::Json;

/// A token to be: its header's type and its claims.
#[derive(Debug, Clone)]
pub struct Template {
    /// The media type in the header.
    pub typ: String,
    /// Who issues it.
    pub iss: String,
    /// Who it is for.
    pub sub: String,
    /// The servers it is for.
    pub aud: Vec<String>,
    /// When it begins and ends.
    pub times: Times,
    /// Its id; `None`: a random one.
    pub jti: Option<String>,
    /// Its scopes, separated by blanks.
    pub scope: Option<String>,
    /// The `type` claim of a token of a pair: `access` or `refresh`.
    pub kind: Option<&'static str>,
    /// Its other claims, in order.
    pub rest: Vec<(String, Json)>,
}

/// When a token begins and ends, in unix seconds.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// The moment it is minted as of.
    pub at: i64,
    /// The time of issue that it claims.
    pub iat: i64,
    /// Not valid before.
    pub nbf: Option<i64>,
    /// Expired from this second on.
    pub exp: i64,
}

impl Times {
    /// The last second of the year 9999, beyond which no token lasts.
    pub const LAST: i64 = 253_402_300_799;

    /// Those of a token that is minted as of `at`. Its `iat` lies a little back: servers without
    /// leeway refuse a token from a clock a second ahead.
    pub fn of(at: i64, nbf: Option<i64>, exp: i64) -> Self {
        Self {
            at,
            iat: at - 5,
            nbf,
            exp,
        }
    }
}

impl Template {
    /// The issuer where nobody names one.
    pub const ISS: &str = "mcpjwt";
    /// The audience where nobody names one.
    pub const AUD: &str = "mcp";

    /// The claims with this id, in the order people read them.
    pub fn claims(&self, jti: &str) -> Json {
        let aud = match &self.aud[..] {
            [one] => Json::from(one.as_str()),
            several => several.to_vec().into(),
        };
        let mut members: Vec<(String, Json)> = vec![
            ("iss".into(), self.iss.as_str().into()),
            ("sub".into(), self.sub.as_str().into()),
            ("aud".into(), aud),
            ("iat".into(), self.times.iat.into()),
            ("exp".into(), self.times.exp.into()),
            ("jti".into(), jti.into()),
        ];
        members.extend(self.times.nbf.map(|nbf| ("nbf".into(), nbf.into())));
        members.extend(
            self.scope
                .as_deref()
                .map(|scope| ("scope".into(), scope.into())),
        );
        members.extend(self.kind.map(|kind| ("type".into(), kind.into())));
        members.extend(self.rest.iter().cloned());
        Json::Object(members)
    }

    /// The refresh token that goes with this access token, good for `ttl` seconds.
    #[must_use]
    pub fn refresh(&self, ttl: i64) -> Self {
        Self {
            typ: "JWT".to_owned(),
            times: Times {
                exp: self.times.at.saturating_add(ttl),
                ..self.times
            },
            jti: None,
            kind: Some("refresh"),
            ..self.clone()
        }
    }
}
