//! Which text is read as what.

use super::{assert_pair, key, read, refusal};
use crate::error::Code;
use crate::key::{Algorithm, Encoding, KeySet, Kind};
use crate::secret::Secret;

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/keys/", $name)) as &[u8]
    };
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn what_openssl_writes_is_read() {
    let rsa = key(file!("rsa2048.spki.pem")).kid().to_owned();
    let p256 = key(file!("p256.spki.pem")).kid().to_owned();
    let p384 = key(file!("p384.spki.pem")).kid().to_owned();
    let p521 = key(file!("p521.spki.pem")).kid().to_owned();
    let ed = key(file!("ed25519.spki.pem")).kid().to_owned();
    #[rustfmt::skip]
    let cases = [
        // file                            kind            kid    private
        (file!("rsa2048.pkcs8.pem"),        Kind::Rsa,     &rsa,  true),
        (file!("rsa2048.pkcs1.pem"),        Kind::Rsa,     &rsa,  true),
        (file!("rsa2048.pkcs1-public.pem"), Kind::Rsa,     &rsa,  false),
        (file!("rsa2048.cert.pem"),         Kind::Rsa,     &rsa,  false), // with -text before it
        (file!("p256.pkcs8.pem"),           Kind::P256,    &p256, true),
        (file!("p256.pkcs8.der"),           Kind::P256,    &p256, true),
        (file!("p256.sec1.der"),            Kind::P256,    &p256, true),
        (file!("p256.sec1.pem"),            Kind::P256,    &p256, true),  // with EC PARAMETERS
        (file!("p256.no-public.pem"),       Kind::P256,    &p256, true),
        (file!("p256.cert.pem"),            Kind::P256,    &p256, false),
        (file!("p256.key-and-cert.pem"),    Kind::P256,    &p256, true),
        (file!("p384.pkcs8.pem"),           Kind::P384,    &p384, true),
        (file!("p384.sec1.pem"),            Kind::P384,    &p384, true),
        (file!("p521.pkcs8.pem"),           Kind::P521,    &p521, true),
        (file!("p521.sec1.pem"),            Kind::P521,    &p521, true),
        (file!("ed25519.pkcs8.pem"),        Kind::Ed25519, &ed,   true),
    ];
    for (index, (bytes, kind, kid, private)) in cases.into_iter().enumerate() {
        let read = key(bytes);
        assert_eq!(
            (read.kind(), read.kid(), read.can_sign()),
            (kind, &kid[..], private),
            "{index}"
        );
    }
}

#[test]
fn one_pair_signs_and_verifies_by_every_algorithm_of_its_kind() {
    let pairs = [
        (file!("rsa2048.pkcs1.pem"), file!("rsa2048.cert.pem")),
        (file!("p256.sec1.pem"), file!("p256.spki.pem")),
        (file!("p384.sec1.pem"), file!("p384.spki.pem")),
        (file!("p521.sec1.pem"), file!("p521.spki.pem")),
        (file!("ed25519.pkcs8.pem"), file!("ed25519.spki.pem")),
        (
            b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_" as &[u8],
            &[],
        ),
    ];
    let mut done = 0;
    for (private, public) in pairs {
        let private = key(private);
        let public = if public.is_empty() {
            private.duplicate()
        } else {
            key(public)
        };
        for alg in Algorithm::ALL
            .iter()
            .filter(|alg| alg.kind() == private.kind())
        {
            assert_pair(&private, &public, *alg, alg.name());
            done += 1;
        }
    }
    assert_eq!(done, Algorithm::ALL.len());
}

#[test]
fn what_is_broken_or_not_for_us_is_refused_by_its_reason() {
    let p256 = text(file!("p256.pkcs8.pem"));
    let escaped = p256.trim_end().replace('\n', "\\n");
    let cut = &p256[..p256.len() - 30];
    let no_end = p256.replace("-----END PRIVATE KEY-----", "");
    let mislabelled = p256.replace("PRIVATE KEY", "PUBLIC KEY");
    let unbase64 = p256.replacen("MIGH", "MI*H", 1);
    let half = &file!("p256.pkcs8.der")[..100];
    let after = [file!("p256.pkcs8.der"), b"\0"].concat();
    #[rustfmt::skip]
    let cases: &[(&[u8], Code, &str)] = &[
        (file!("p256.encrypted.pem"),    Code::KeyInvalid,   "encrypted with a passphrase"),
        (file!("rsa2048.encrypted.pem"), Code::KeyInvalid,   "encrypted with a passphrase"),
        (file!("k256.spki.pem"),         Code::KeyInvalid,   "1.3.132.0.10 is not P-256"),
        (file!("rsa-pss.pkcs8.pem"),     Code::KeyInvalid,   "is not RSA, EC or Ed25519"),
        (file!("p256.compressed.pem"),   Code::KeyInvalid,   "compressed"),
        (file!("p256.explicit.pem"),     Code::KeyInvalid,   "line 1: the block is not a complete EC PRIVATE KEY"),
        (file!("two-keys.pem"),          Code::KeyAmbiguous, "several keys"),
        (file!("p256.p12"),              Code::KeyInvalid,   "none of the structures"),
        (escaped.as_bytes(),             Code::KeyInvalid,   "written as `\\n`"),
        (cut.as_bytes(),                 Code::KeyInvalid,   "line 1: the block has no line `-----END PRIVATE KEY-----`"),
        (no_end.as_bytes(),              Code::KeyInvalid,   "the block has no line"),
        (mislabelled.as_bytes(),         Code::KeyInvalid,   "is not a complete PUBLIC KEY"),
        (unbase64.as_bytes(),            Code::KeyInvalid,   "is not base64"),
        (b"-----BEGIN",                  Code::KeyInvalid,   "line 1: the BEGIN line does not end"),
        (b"x\n-----BEGIN X\n-----",      Code::KeyInvalid,   "line 2: the BEGIN line does not end"),
        (b"-----BEGIN EC PARAMETERS-----\n-----END EC PARAMETERS-----\n",
                                         Code::KeyInvalid,   "holds no key"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\n-----END OPENSSH PRIVATE KEY-----\n",
                                         Code::KeyInvalid,   "of this label"),
        (b"-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
                                         Code::KeyInvalid,   "is not a complete PUBLIC KEY"),
        (half,                           Code::KeyInvalid,   "neither text nor DER"),
        (&after,                         Code::KeyInvalid,   "neither text nor DER"),
        (b"\xff\xfe secret",             Code::KeyInvalid,   "neither text nor DER"),
        (b"{\"kty\":\"oct\"",            Code::KeyInvalid,   "not valid JSON"),
        (b" \n{\"keys\":[{]}",           Code::KeyInvalid,   "not valid JSON"),
        (b"{\"kty\":\"oct\",\"kty\":\"oct\",\"k\":\"\"}", Code::KeyInvalid, "twice"),
        (b"[{\"kty\":\"oct\"}]",         Code::KeyInvalid,   "nor a JWK Set"),
        (b"{\"keys\":{}}",               Code::KeyInvalid,   "not an array"),
        (b"{\"keys\":[5]}",              Code::KeyInvalid,   "a JWK is an object, and this is a number (key 1 of the set)"),
    ];
    for (bytes, code, what) in cases {
        let (got, message) = refusal(read(bytes));
        assert_eq!(got, Some(*code), "{what}: {message}");
        assert!(message.contains(what), "`{message}` has not `{what}`");
    }
}

#[test]
fn the_public_part_beside_a_private_one_must_be_its_own() {
    let hex = |text: &str, after: usize| [hex::decode(text).unwrap(), vec![1; after]].concat();
    let ec = file!("p256.pkcs8.der").to_vec();
    // RFC 8410 section 10.3: version 2, with attributes and the public key.
    let ed = hex(
        "3072020101300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842\
         a01f301d060a2a864886f70d01090914310f0c0d437572646c6520436861697273\
         81210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1",
        0,
    );
    assert_eq!(key(&ec).kind(), Kind::P256);
    assert_eq!(key(&ed).kind(), Kind::Ed25519);
    let changed = |bytes: &[u8]| [&bytes[..bytes.len() - 1], &[0]].concat();
    let other = "its private and public parts do not belong together";
    #[rustfmt::skip]
    let cases = [
        (changed(&ec),                                  other),
        (changed(&ed),                                  other),
        // A seed of 31 bytes; parameters, which RFC 8410 section 3 does not allow.
        (hex("302d020100300506032b65700421041f", 31),     "32 bytes, this has 31"),
        (hex("3030020100300706032b6570050004220420", 32), "not an Ed25519 private key inside"),
    ];
    for (bytes, want) in cases {
        let (got, message) = refusal(read(&bytes));
        assert_eq!(got, Some(Code::KeyInvalid), "{want}: {message}");
        assert!(message.contains(want), "`{message}` has not `{want}`");
    }
}

/// Text, encoding, and the bytes; without them it is `key_invalid`.
type Row = (&'static str, Option<Encoding>, Option<&'static [u8]>);

#[test]
fn secrets_are_taken_literally_or_decoded() {
    use Encoding::{Base64, Base64url, Hex};
    #[rustfmt::skip]
    let cases: &[Row] = &[
        // text                 encoding           bytes; None: key_invalid
        ("",                    None,              Some(b"")),
        ("\n",                  None,              Some(b"")),
        ("s",                   None,              Some(b"s")),
        ("s\n",                 None,              Some(b"s")),
        ("s\r\n",               None,              Some(b"s")),
        ("s\r",                 None,              Some(b"s\r")),
        ("s\n\n",               None,              Some(b"s\n")),
        ("s\r\n\r\n",           None,              Some(b"s\r\n")),
        (" s ",                 None,              Some(b" s ")),
        ("\u{feff}s",           None,              Some(b"\xef\xbb\xbfs")),
        ("0\u{2}",              None,              Some(b"0\x02")),
        ("0123",                None,              Some(b"0123")),
        ("{}",                  None,              Some(b"{}")),
        ("{\"k\":1}",           None,              Some(b"{\"k\":1}")),
        ("{kty",                None,              Some(b"{kty")),
        ("[1]",                 None,              Some(b"[1]")),
        ("0aFF",                Some(Hex),         Some(b"\x0a\xff")),
        (" 0aff\n\n",           Some(Hex),         Some(b"\x0a\xff")),
        ("",                    Some(Hex),         Some(b"")),
        ("0af",                 Some(Hex),         None),
        ("0a ff",               Some(Hex),         None),
        ("0x0a",                Some(Hex),         None),
        ("+/8=",                Some(Base64),      Some(b"\xfb\xff")),
        ("+/8\n",               Some(Base64),      Some(b"\xfb\xff")),
        ("+/9=",                Some(Base64),      None), // bits left over
        ("+/8==",               Some(Base64),      None),
        ("-_8=",                Some(Base64),      None),
        ("-_8=",                Some(Base64url),   Some(b"\xfb\xff")),
        ("-_8",                 Some(Base64url),   Some(b"\xfb\xff")),
        ("+/8",                 Some(Base64url),   None),
        ("caf\u{e9}",           Some(Base64url),   None),
    ];
    for (text, encoding, want) in cases {
        let set = KeySet::read(&Secret::from(*text), *encoding);
        let got = match &set {
            Ok(set) => {
                assert!(set.is_lone(), "{text:?} {encoding:?}");
                Ok(set.keys[0].secret_bytes().unwrap().expose())
            }
            Err(error) => Err(error.code),
        };
        assert_eq!(got, want.ok_or(Code::KeyInvalid), "{text:?} {encoding:?}");
    }
}

#[test]
fn an_encoding_is_not_asked_of_what_is_no_text_secret() {
    let set = KeySet::read(
        &Secret::from(text(file!("p256.spki.pem"))),
        Some(Encoding::Hex),
    );
    assert_eq!(set.unwrap().keys[0].kind(), Kind::P256);
}

#[test]
fn line_ends_and_widths_of_pem_do_not_matter() {
    let pem = text(file!("p256.pkcs8.pem"));
    let want = key(pem).kid().to_owned();
    let (begin, end) = ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----");
    let one_line = pem.replace('\n', "");
    let indented = pem.replace('\n', "\n    ");
    let cases = [
        pem.replace('\n', "\r\n"),
        one_line
            .replace(begin, &format!("{begin} "))
            .replace(end, &format!(" {end}")),
        one_line,
        indented,
        format!("\u{feff}{pem}"),
        format!("Bag Attributes\n    friendlyName: x\n{pem}\nafter\n"),
    ];
    for text in cases {
        assert_eq!(key(&text).kid(), want, "{text}");
    }
}

#[test]
fn an_empty_secret_is_read_and_too_short() {
    let empty = key("");
    let code = empty
        .check_strength(Algorithm::HS256)
        .map_err(|error| error.code);
    assert_eq!(code, Err(Code::KeyTooShort));
    // Not even for `--allow-weak-key`: whoever signs with it needs to know nothing.
    let code = crate::key::Verifier::asked(&empty, Algorithm::HS256)
        .map(|_| ())
        .map_err(|error| error.code);
    assert_eq!(code, Err(Code::KeyTooShort));
}

#[test]
fn rsa_of_1024_bits_is_read_and_refused_for_use() {
    let weak = key(file!("rsa1024.pkcs1.pem"));
    let code = |result: Result<(), crate::error::Error>| result.map_err(|error| error.code);
    assert!(weak.can_sign());
    assert_eq!(
        code(weak.check_strength(Algorithm::RS256)),
        Err(Code::KeyWeak)
    );
    assert_eq!(
        code(crate::key::Signer::new(&weak, Algorithm::RS256).map(|_| ())),
        Err(Code::KeyWeak)
    );
    assert_eq!(
        code(crate::key::Verifier::new(&weak, Algorithm::RS256).map(|_| ())),
        Err(Code::KeyWeak)
    );
}

#[test]
fn the_other_readings_of_a_secret_are_named_once_each() {
    #[rustfmt::skip]
    let cases: &[(&[u8], &[&str])] = &[
        (b"deadbeef", &["hex", "base64", "text with its trailing newline",
                        "text with its trailing carriage return and newline"]),
        (b"+/8=",     &["base64", "text with its trailing newline",
                        "text with its trailing carriage return and newline"]),
        (b"-_8",      &["base64url", "text with its trailing newline",
                        "text with its trailing carriage return and newline"]),
        (b" #\t",     &["text with its trailing newline",
                        "text with its trailing carriage return and newline",
                        "text without the white space around it"]),
        (b"\xff",     &["text with its trailing newline",
                        "text with its trailing carriage return and newline"]),
    ];
    for (bytes, want) in cases {
        let key = crate::key::Key::from_secret(Secret::new(bytes.to_vec()));
        let readings = key.readings();
        let got: Vec<_> = readings.iter().map(|reading| reading.what).collect();
        // Last come the texts that bytes are decoded from, which any bytes may be.
        let (given, decoded_from) = got.split_at(want.len());
        assert_eq!(given, *want, "{bytes:?}");
        assert_eq!(decoded_from[0], "text, not decoded from hex", "{bytes:?}");
        assert!(
            decoded_from
                .iter()
                .all(|what| what.starts_with("text, not")),
            "{decoded_from:?}"
        );
    }
    assert!(key(file!("p256.pkcs8.pem")).readings().is_empty());
}

#[test]
fn a_large_text_of_blocks_is_refused_at_once() {
    let size = 1 << 20;
    let many = |text: &str| text.repeat(size / text.len());
    let block = "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n";
    let parameters = "-----BEGIN EC PARAMETERS-----\n-----END EC PARAMETERS-----\n";
    #[rustfmt::skip]
    let cases = [
        (many(block),                    "more than 100 blocks"),
        (many(parameters),               "more than 100 blocks"),
        (block.repeat(101),              "more than 100 blocks"),
        (block.repeat(100),              "holds several keys"),
        (many("\n") + "-----BEGIN",      "line 1048577: the BEGIN line does not end"),
        (many("-----BEGIN "),            "line 1: the block has no line"),
        (parameters.repeat(50) + "-----BEGIN X-----", "line 101: the block has no line"),
    ];
    for (text, want) in cases {
        let start = std::time::Instant::now();
        let (_, message) = refusal(read(&text));
        assert!(message.contains(want), "{want}: {message}");
        let took = start.elapsed();
        assert!(took.as_secs() < 3, "{want}: {took:?}");
    }
}
