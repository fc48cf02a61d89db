//! Tells the program when it was built, and links it so that it starts fast, on Linux with glibc.
//!
//! At a fixed address: a position-independent program of this size spends a quarter of a run on
//! relocating itself, page by page. The code that is parsed from outside is Rust without `unsafe`.
//!
//! Whole, with libc and the unwinder inside, where the C compiler has them as archives: to find,
//! map and relocate shared libraries takes as long as to verify a token. `MCPJWT_LINK=dynamic`
//! leaves them outside, for those who package the program. What glibc would load at run time
//! nevertheless, its modules for looking up names, is not asked (src/host/names): `static_libc`
//! is how the program knows.
#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells the target by variables, and the compiler knows where its library is"
)]

use std::path::PathBuf;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=MCPJWT_LINK");
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    println!("cargo::rerun-if-env-changed=SOURCE_DATE_EPOCH");
    println!("cargo::rustc-check-cfg=cfg(static_libc)");
    println!("cargo::rustc-env=MCPJWT_BUILT={}", built());
    let target = |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}"));
    if target("OS").as_deref() != Ok("linux") || target("ENV").as_deref() != Ok("gnu") {
        return;
    }
    let features = env::var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
    if features.split(',').any(|feature| feature == "crt-static") {
        println!("cargo::rustc-cfg=static_libc");
        return;
    }
    println!("cargo::rustc-link-arg-bins=-no-pie");
    if env::var("MCPJWT_LINK").as_deref() != Ok("dynamic") && whole().is_some() {
        println!("cargo::rustc-cfg=static_libc");
    }
}

/// Has the libraries linked into the program: all of them, or none.
fn whole() -> Option<()> {
    // For another machine the compiler would need options to name its archives.
    if env::var("HOST") != env::var("TARGET") {
        return None;
    }
    let scripts = PathBuf::from(env::var_os("OUT_DIR")?).join("link");
    fs::create_dir_all(&scripts).ok()?;
    let unwinder = archive("gcc_eh")?;
    for library in ["c", "dl", "m", "pthread", "rt", "util", "gcc_s"] {
        // What the linker finds first for the shared library's name: where the archives are. Those
        // of libc and of the compiler need each other.
        let archives = match library {
            "gcc_s" => format!("\"{}\" -lgcc", unwinder.display()),
            "c" => format!(
                "\"{}\" \"{}\" -lgcc",
                archive("c")?.display(),
                unwinder.display()
            ),
            other => format!("\"{}\"", archive(other)?.display()),
        };
        let script = scripts.join(format!("lib{library}.so"));
        fs::write(script, format!("GROUP ( {archives} )\n")).ok()?;
    }
    println!("cargo::rustc-link-arg-bins=-static");
    println!("cargo::rustc-link-arg-bins=-L{}", scripts.display());
    Some(())
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

/// Where a library lies as an archive, by what the program that will link says.
fn archive(library: &str) -> Option<PathBuf> {
    let linker = env::var("RUSTC_LINKER").unwrap_or_else(|_| "cc".into());
    let said = Command::new(linker)
        .arg(format!("-print-file-name=lib{library}.a"))
        .output()
        .ok()?;
    let path = PathBuf::from(String::from_utf8(said.stdout).ok()?.trim());
    (path.is_absolute() && path.exists()).then_some(path)
}
