//! Tells the program when it was built, and links it so that it starts fast, on Linux with glibc.
//!
//! At a fixed address: a position-independent program of this size spends a quarter of a run on
//! relocating itself, page by page. The code that is parsed from outside is Rust without
//! `unsafe`; the libraries below it stay position-independent.
//!
//! With the unwinder inside, where the C compiler has it: else every run looks for one more
//! library, maps it and relocates it, to catch a panic that does not come.
#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells the target by variables, and the compiler knows where its library is"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    println!("cargo::rerun-if-env-changed=SOURCE_DATE_EPOCH");
    println!("cargo::rustc-env=MCPJWT_BUILT={}", built());
    let target = |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}"));
    if target("OS").as_deref() != Ok("linux") || target("ENV").as_deref() != Ok("gnu") {
        return;
    }
    println!("cargo::rustc-link-arg-bins=-no-pie");
    if let (Some(unwinder), Ok(out)) = (unwinder(), env::var("OUT_DIR")) {
        // What `-lgcc_s` finds first: a script for the linker in place of the shared library.
        let script = format!("GROUP ( \"{}\" -lgcc )\n", unwinder.display());
        if fs::write(Path::new(&out).join("libgcc_s.so"), script).is_ok() {
            println!("cargo::rustc-link-search=native={out}");
        }
    }
}

/// When this is, in unix seconds; of a build that is to be the same whenever it is made, what its
/// maker says.
fn built() -> u64 {
    let said = env::var("SOURCE_DATE_EPOCH").ok();
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).ok();
    said.and_then(|said| said.parse().ok())
        .or_else(|| now().map(|now| now.as_secs()))
        .unwrap_or_default()
}

/// The unwinder as a static library, by what the program that will link says. For another machine
/// it would need options to name the right one, so only for this one.
fn unwinder() -> Option<PathBuf> {
    if env::var("HOST") != env::var("TARGET") {
        return None;
    }
    let linker = env::var("RUSTC_LINKER").unwrap_or_else(|_| "cc".into());
    let said = Command::new(linker)
        .arg("-print-file-name=libgcc_eh.a")
        .output()
        .ok()?;
    let path = PathBuf::from(String::from_utf8(said.stdout).ok()?.trim());
    (path.is_absolute() && path.exists()).then_some(path)
}
