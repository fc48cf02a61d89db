//! PEM (RFC 7468), as lenient as openssl about what stands around a block and how wide its
//! lines are, and strict about what is inside.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::asn1::{self, Part, STRUCTURES, Structure};
use super::material::{Material, invalid};
use crate::error::{Code, Error};

const BEGIN: &str = "-----BEGIN";

/// The most blocks that are read; a chain of certificates has a handful.
const MOST_BLOCKS: usize = 100;

/// Whether the text is meant to be PEM: then it is PEM or an error, never a text secret.
pub(super) fn is_meant(text: &str) -> bool {
    text.contains(BEGIN)
}

/// The key of a PEM text.
///
/// Of several blocks a private key comes before a public key, and that before a
/// certificate, since a private key holds its public key and a certificate often stands
/// beside its key. The first certificate of a chain is the one of the key (RFC 5246
/// section 7.4.2). Two private keys, or two public ones, are ambiguous.
pub(super) fn read(text: &str) -> Result<Material, Error> {
    let blocks = blocks(text)?;
    for part in [Part::Private, Part::Public, Part::Certificate] {
        let mut of_part = blocks.iter().filter(|block| block.structure.part == part);
        let Some(first) = of_part.next() else {
            continue;
        };
        if part != Part::Certificate && of_part.next().is_some() {
            let label = first.structure.label;
            return Err(Error::new(
                Code::KeyAmbiguous,
                format!("cannot read the key: the text holds several keys, the first a {label}"),
            )
            .hint("leave only the one that is meant"));
        }
        return first.decode();
    }
    Err(invalid("the PEM text holds no key"))
}

struct Block<'t> {
    structure: &'static Structure,
    body: &'t str,
    /// The line of its BEGIN, from 1.
    line: usize,
}

fn blocks(text: &str) -> Result<Vec<Block<'_>>, Error> {
    let mut blocks = Vec::new();
    let mut at = 0;
    let mut line = 1;
    let mut counted = 0;
    for seen in 0.. {
        let Some(found) = text[at..].find(BEGIN) else {
            break;
        };
        if seen == MOST_BLOCKS {
            return Err(invalid(format!(
                "the PEM text holds more than {MOST_BLOCKS} blocks"
            )));
        }
        let begin = at + found;
        line += text[counted..begin].matches('\n').count();
        counted = begin;
        let after = &text[begin + BEGIN.len()..];
        let label = after
            .strip_prefix(' ')
            .and_then(|rest| rest.split_once("-----"))
            .map(|(label, _)| label)
            .filter(|label| !label.contains('\n'))
            .ok_or_else(|| invalid(format!("line {line}: the BEGIN line does not end")))?;
        let body = begin + BEGIN.len() + 1 + label.len() + "-----".len();
        let end = format!("-----END {label}-----");
        let length = text[body..].find(&end).ok_or_else(|| {
            invalid(format!(
                "line {line}: the block has no line `{}`",
                end.escape_debug()
            ))
        })?;
        at = body + length + end.len();
        // openssl writes the parameters in front of an elliptic key; the key repeats them.
        if label.ends_with(" PARAMETERS") {
            continue;
        }
        let structure = STRUCTURES
            .iter()
            .find(|structure| structure.label == label)
            .ok_or_else(|| {
                invalid(format!(
                    "line {line}: a block of this label is not a key that is read"
                ))
                .hint("`openssl pkey` and `openssl x509` write the labels that are")
            })?;
        blocks.push(Block {
            structure,
            body: &text[body..body + length],
            line,
        });
    }
    Ok(blocks)
}

impl Block<'_> {
    fn decode(&self) -> Result<Material, Error> {
        let (label, line) = (self.structure.label, self.line);
        if self.body.contains("ENCRYPTED") || label.starts_with("ENCRYPTED") {
            return Err(asn1::encrypted());
        }
        if self.body.contains("\\n") {
            return Err(
                invalid(format!("line {line}: its line ends are written as `\\n`"))
                    .hint("put real line ends there, for instance with `printf '%b'`"),
            );
        }
        let mut packed = Zeroizing::new(String::with_capacity(self.body.len()));
        packed.extend(
            self.body
                .chars()
                .filter(|letter| !letter.is_ascii_whitespace()),
        );
        let bytes = STANDARD
            .decode(packed.as_bytes())
            .map(Zeroizing::new)
            .map_err(|_| invalid(format!("line {line}: the block is not base64")))?;
        (self.structure.parse)(&bytes).unwrap_or_else(|| {
            Err(invalid(format!(
                "line {line}: the block is not a complete {label} inside"
            )))
        })
    }
}
