//! What one thread of `issue --from` does: lines to tokens, with a signer of its own.

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::commands::claims::Left;
use crate::error::{Code, Error};
use crate::json::Json;
use crate::key::{Algorithm, Key, Signer};
use crate::report;
use crate::session::stream::{Lines, Moment};
use crate::state::ledger::Record;
use crate::state::revocations::{Begin, Traits};
use crate::time;
use crate::token::{self, Columns, Course, Form, Press, Stencil, Template, Times};

/// What all threads go by.
pub(super) struct Plan<'p> {
    pub(super) form: Form,
    /// Whether the form was said, and not taken for granted.
    pub(super) is_told: bool,
    pub(super) columns: Option<Columns>,
    /// What the command line says of every token.
    pub(super) base: Template,
    /// When it begins and ends.
    pub(super) course: Course,
    /// The id of the run.
    pub(super) run: String,
    /// The id of the key; none where there is no key yet.
    pub(super) kid: Option<&'p str>,
    /// None in a dry run, which only looks whether each line is good.
    pub(super) seal: Option<Seal<'p>>,
    pub(super) json: bool,
    /// What the record of each token begins as, where each gets one.
    pub(super) records: Option<Record>,
}

/// What makes a token of claims.
pub(super) struct Seal<'p> {
    pub(super) header: Json,
    pub(super) key: &'p Key,
    pub(super) alg: Algorithm,
}

/// What a chunk of lines comes to.
#[derive(Default)]
pub(super) struct Answer {
    /// For standard output.
    pub(super) out: Vec<u8>,
    /// For standard error: the bad lines.
    pub(super) errors: String,
    /// For the ledger.
    pub(super) records: Vec<u8>,
    pub(super) made: u64,
    pub(super) bad: u64,
    /// How much was read of the input.
    pub(super) bytes: u64,
    /// The latest `exp`.
    pub(super) latest: Option<i64>,
    /// The number of the last line that became a token.
    pub(super) last: Option<u64>,
    /// The issuers of lines that have one of their own.
    pub(super) issuers: BTreeSet<String>,
    /// How many are in all but their subject as the command line has it.
    plain: u64,
    /// What was left to the command line.
    pub(super) left: Left,
    /// Whether a line was none of its kind, so that none behind it can be told to be one.
    pub(super) is_last: bool,
    /// What no line is to blame for.
    pub(super) failed: Option<Error>,
}

/// One thread's own.
pub(super) struct Worker<'p> {
    plan: &'p Plan<'p>,
    /// The header and a signer, where tokens are made.
    press: Option<(Press, Signer)>,
    /// When the chunk at hand was there.
    moment: Moment,
    /// What is said of every token, with the times of that moment.
    base: Template,
    quick: Option<Quick>,
    claims: String,
    token: Vec<u8>,
    record: Option<Record>,
}

/// What a line orders; its claims are written already.
struct Order<'l> {
    text: &'l str,
    /// Its token and the id of that; none where it is a subject, and all else is as the command
    /// line has it.
    own: Option<Template>,
}

/// What is quick for subjects alone.
struct Quick {
    stencil: Stencil,
    /// Those of which some token was revoked.
    others: HashSet<String>,
}

impl Quick {
    fn stencil(&self, sub: &str) -> Option<&Stencil> {
        (!self.others.contains(sub)).then_some(&self.stencil)
    }
}

/// What is told of a token besides itself.
struct About<'t> {
    number: u64,
    sub: &'t str,
    /// None where no token is made.
    jti: Option<String>,
    template: &'t Template,
}

impl About<'_> {
    /// The answer to its line in JSON.
    fn tell(&self, token: Option<&str>, kid: Option<&str>, out: &mut Vec<u8>) {
        let exp = self.template.times.exp;
        let values = [
            token.into(),
            self.sub.into(),
            self.jti.clone().into(),
            kid.into(),
            exp.into(),
            time::rfc3339(exp).into(),
        ];
        document(self.number, values, &[], out);
    }

    /// Writes the record of the token, over what that of another one was.
    fn write(self, record: &mut Record, out: &mut Vec<u8>) -> Result<(), Error> {
        self.sub.clone_into(&mut record.sub);
        record.jti = self.jti.unwrap_or_default();
        record.iss.clone_from(&self.template.iss);
        record.aud.clone_from(&self.template.aud);
        record.iat = self.template.times.iat;
        record.exp = Some(self.template.times.exp);
        record
            .write(out)
            .map_err(|why| Error::new(Code::Internal, "a record could not be written").source(why))
    }
}

impl<'p> Worker<'p> {
    pub(super) fn new(plan: &'p Plan<'p>) -> Result<Self, Error> {
        let press = match &plan.seal {
            Some(seal) => Some((Press::new(&seal.header), Signer::new(seal.key, seal.alg)?)),
            None => None,
        };
        Ok(Self {
            plan,
            press,
            moment: Moment::default(),
            base: plan.base.clone(),
            quick: None,
            claims: String::new(),
            token: Vec::new(),
            record: plan.records.clone(),
        })
    }

    pub(super) fn answer(&mut self, lines: &Lines, answer: &mut Answer) {
        answer.out.clear();
        answer.errors.clear();
        answer.records.clear();
        (answer.made, answer.bad) = (0, 0);
        (answer.latest, answer.last) = (None, None);
        answer.issuers.clear();
        answer.plain = 0;
        answer.left = Left::default();
        answer.is_last = false;
        answer.bytes = lines.bytes();
        self.begin(lines.moment());
        for (number, line) in lines.each() {
            let line = match line.strip_suffix(b"\r") {
                Some(text) if line.len() < token::MAX_BYTES => text,
                _ => line,
            };
            match self.line(number, line, answer) {
                Ok(exp) => {
                    answer.made += 1;
                    answer.latest = answer.latest.max(Some(exp));
                    answer.last = Some(number);
                }
                Err(why) if self.is_row(line) => self.refuse(number, &why, answer),
                Err(why) => {
                    let why = format!("{why}; no line behind it is read");
                    self.refuse(number, &why, answer);
                    answer.is_last = true;
                    break;
                }
            }
        }
        answer.left.add(answer.plain, &self.base, &self.base);
    }

    /// Takes the times of this moment, and what was revoked until then.
    fn begin(&mut self, moment: &Moment) {
        let known = &self.moment;
        if known.now == moment.now && Arc::ptr_eq(&known.revoked, &moment.revoked) {
            return;
        }
        self.moment = moment.clone();
        let plan = self.plan;
        self.base.times = plan.course.times(moment.now);
        let alone = Some(&moment.revoked).filter(|_| plan.form == Form::Subjects);
        let alone = alone.and_then(|list| {
            list.subjects_alone(&self.base.iss, plan.kid.unwrap_or_default(), &plan.run)
        });
        self.quick = alone.map(|subjects| Quick {
            stencil: Stencil::new(&self.base, &format!("{}-", plan.run)),
            others: subjects.into_iter().map(str::to_owned).collect(),
        });
        if let Some(record) = self.record.as_mut().filter(|_| plan.course.as_of.is_none()) {
            record.at = moment.now;
        }
    }

    /// Whether the next line is one for sure: a field of CSV or a value of JSON that is left open, or
    /// cut off, would go on in it.
    fn is_row(&self, line: &[u8]) -> bool {
        let form = self.plan.form;
        token::is_row(line, form) && (form == Form::Subjects || line.len() < token::MAX_BYTES)
    }

    /// Mints the token of a line; says when it ends, or what is wrong with the line.
    fn line(&mut self, number: u64, line: &[u8], answer: &mut Answer) -> Result<i64, String> {
        let order = self.order(number, line)?;
        let (sub, template) = match &order.own {
            None => (order.text, &self.base),
            Some(own) => (&*own.sub, own),
        };
        let plan = self.plan;
        let mut about = About {
            number,
            sub,
            jti: None,
            template,
        };
        if let Some((press, signer)) = &self.press {
            // Only what is told beside the token needs its id again.
            if plan.json || self.record.is_some() {
                let id = || format!("{}-{number}", plan.run);
                about.jti = Some(template.jti.clone().unwrap_or_else(id));
            }
            self.token.clear();
            let (start, out) = if plan.json {
                (0, &mut self.token)
            } else {
                (answer.out.len(), &mut answer.out)
            };
            if let Err(error) = press.sign(&self.claims, signer, out) {
                answer.failed.get_or_insert(error);
            }
            if out.len() - start > token::MAX_BYTES {
                out.truncate(start);
                return Err("its token would be longer than 64 KiB".to_owned());
            }
            if !plan.json {
                out.push(b'\n');
            }
        }
        if plan.json {
            let token = self
                .press
                .is_some()
                .then(|| String::from_utf8_lossy(&self.token));
            about.tell(token.as_deref(), plan.kid, &mut answer.out);
        }
        match &order.own {
            None => answer.plain += 1,
            Some(own) => {
                answer.left.add(1, own, &self.base);
                let iss = &own.iss;
                if *iss != self.base.iss && !answer.issuers.contains(iss) {
                    answer.issuers.insert(iss.clone());
                }
            }
        }
        if let Some(record) = self.record.as_mut().filter(|_| self.press.is_some())
            && let Err(error) = about.write(record, &mut answer.records)
        {
            answer.failed.get_or_insert(error);
        }
        Ok(template.times.exp)
    }

    /// Writes the claims that a line orders, or says what is wrong with it.
    fn order<'l>(&mut self, number: u64, line: &'l [u8]) -> Result<Order<'l>, String> {
        let plan = self.plan;
        if line.len() >= token::MAX_BYTES {
            return Err("it is longer than 64 KiB".to_owned());
        }
        let text = std::str::from_utf8(line).map_err(|_| "it is not UTF-8")?;
        let text = text
            .strip_prefix('\u{feff}')
            .filter(|_| number == 1)
            .unwrap_or(text);
        if !plan.is_told && text.starts_with('{') {
            return Err("it is no subject but looks like JSON: add `--input jsonl`".to_owned());
        }
        if let Some(stencil) = self.quick.as_ref().and_then(|it| it.stencil(text)) {
            if let Some(fault) = token::text_fault(text) {
                return Err(format!("`sub` {fault}"));
            }
            if let Some(fault) = self.base.times.fault() {
                return Err(fault.to_owned());
            }
            stencil.write(text, number, &mut self.claims);
            return Ok(Order { text, own: None });
        }
        let jti = format!("{}-{number}", plan.run);
        let ordered = token::ordered(text, plan.form, plan.columns.as_ref(), &self.base)?;
        let template = self.after_revocation(ordered, &jti)?;
        template.write(&jti, &mut self.claims);
        let jti = Some(jti);
        let own = Some(Template { jti, ..template });
        Ok(Order { text, own })
    }

    /// The same with an `iat` behind the revocation of its subject, as a token alone gets it; nothing
    /// that was revoked is minted.
    fn after_revocation(&self, template: Template, jti: &str) -> Result<Template, String> {
        let Times { at, iat, .. } = template.times;
        let whose = (template.iss.as_str(), template.sub.as_str());
        let iat = match self.moment.revoked.begin(whose, (at, iat)) {
            Begin::Now(iat) => iat,
            Begin::Soon(_) => {
                return Err("its subject was revoked this very second: try again".to_owned());
            }
        };
        let mut template = template;
        template.times.iat = iat;
        let traits = Traits {
            iss: Some(&template.iss),
            jti: Some(jti),
            sub: Some(&template.sub),
            iat: Some(template.times.iat),
            kids: [self.plan.kid, None],
            run: None,
        };
        match self.moment.revoked.covers(&traits) {
            Some(_) => Err("its token would be refused: it was revoked".to_owned()),
            None => Ok(template),
        }
    }

    /// A bad line: an empty one in its place.
    fn refuse(&self, number: u64, why: &str, answer: &mut Answer) {
        answer.bad += 1;
        // A name in it may be as long as the line.
        let why: String = why.chars().take(200).collect();
        let message = format!("line {number}: {}", report::escape(&why));
        if self.plan.json {
            let errors = [Error::new(Code::LineInvalid, message)];
            document(number, [const { Json::Null }; 6], &errors, &mut answer.out);
            return;
        }
        if self.press.is_some() {
            answer.out.push(b'\n');
        }
        answer.errors.push_str(&message);
        answer.errors.push('\n');
    }
}

/// The members of the answer to a line, as JSON.
pub(in super::super) const MEMBERS: &[&str] =
    &["line", "token", "sub", "jti", "kid", "exp", "expires"];

/// The answer to a line as JSON.
fn document(number: u64, values: [Json; 6], errors: &[Error], out: &mut Vec<u8>) {
    let number = std::iter::once(Json::Number(number.to_string()));
    let body = MEMBERS.iter().copied().zip(number.chain(values)).collect();
    let text = report::document_line(errors.is_empty(), body, &[], errors);
    out.extend_from_slice(text.as_bytes());
}
