use super::*;
use crate::manifest::findings::reads;
use crate::manifest::read;

#[test]
fn a_folder_makes_a_name() {
    #[rustfmt::skip]
    let cases = [
        ("exai",        Some("exai")),
        ("My Project",  Some("My-Project")),
        ("a.b_c-1",     Some("a.b_c-1")),
        ("..",          None),
        ("é",           None),
        ("",            None),
    ];
    for (folder, want) in cases {
        assert_eq!(name(folder).as_deref(), want, "{folder}");
    }
}

/// Whatever stands in a file, the manifest can be read, and says what was found.
#[test]
fn what_is_proposed_is_a_manifest() {
    let payload = |json: &str| {
        use base64::Engine as _;
        let part = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.c2ln", part("{\"alg\":\"HS256\"}"), part(json))
    };
    #[rustfmt::skip]
    let cases = [
        // claims of tokens, names in the manifest
        (vec![r#"{"sub":"a@x"}"#, r#"{"sub":"a@y"}"#, r#"{"sub":"a@x"}"#], vec!["a", "a-y"]),
        (vec![r#"{"sub":"a b"}"#, r#"{"sub":"a-b"}"#],                     vec!["a-b", "a-b-2"]),
        (vec![r#"{"sub":"@"}"#, r#"{"sub":"\"'\\ #"}"#, r#"{"sub":"é"}"#], vec!["token", "token-2", "token-3"]),
        (vec![r#"{"sub":"a\nb"}"#, r#"{"sub":""}"#],                       vec![]),
        (vec![r#"{"sub":"a","aud":["x","y"],"scope":"r w","role":"","type":"access","nbf":1,"nested":{"a":[1,2.5,null]},"n":{"m":[true,"\""]},"quota":0}"#], vec!["a"]),
        (vec![r#"{"sub":"a","exp":9,"iat":9,"aud":"","role":5}"#],          vec!["a"]),
    ];
    for (claims, names) in cases {
        let mut found = Findings::default();
        let mut text = String::new();
        for (at, claims) in claims.iter().enumerate() {
            text.push_str(&format!("T{at}={}\n", payload(claims)));
        }
        found.take(".env #", reads(".env").unwrap(), &text);
        let choice = Choice {
            key: Some(Place::File("k\n".to_owned())),
            iss: "i \"'\n".to_owned(),
            aud: vec!["a".to_owned(), "b".to_owned()],
            ttl: found.ttl(),
            ..Choice::default()
        };
        let text = found.manifest(&choice).unwrap();
        let manifest = read(&text, |_| false).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"));
        let got: Vec<&str> = manifest.tokens.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(got, names, "{text}");
        assert_eq!(manifest.key, choice.key);
        assert_eq!(manifest.iss.as_deref(), Some("i \"'\n"));
        let places: usize = manifest.tokens.iter().map(|it| it.to.len()).sum();
        assert_eq!(places + found.left_out.len(), claims.len(), "{text}");
    }
}
