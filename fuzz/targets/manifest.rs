//! Manifests: no panic, every problem has its line, and what is read keeps its promises.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mcpjwt::manifest;

fn is_client(name: &str) -> bool {
    name == "vscode"
}

fuzz_target!(|text: &str| {
    match manifest::read(text, is_client) {
        Ok(found) => {
            for (at, token) in found.tokens.iter().enumerate() {
                assert!(!token.name.is_empty() && !token.sub.is_empty());
                assert!(found.refresh_before(token) < found.ttl(token), "{token:?}");
                assert!(found.tokens[..at].iter().all(|it| it.name != token.name));
            }
        }
        Err(errors) => {
            let lines = text.matches('\n').count() + 1;
            for error in &errors {
                let line = error
                    .message
                    .strip_prefix("line ")
                    .and_then(|rest| rest.split(':').next());
                let line: usize = line.and_then(|line| line.parse().ok()).unwrap_or(0);
                assert!((1..=lines).contains(&line), "{error}");
            }
        }
    }
});
