//! Links the program at a fixed address on Linux: a position-independent one of this size spends
//! a quarter of a run on relocating itself, page by page. The code that is parsed from outside is
//! Rust without `unsafe`; the libraries below it stay position-independent.
#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells the target by variables"
)]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |name: &str| std::env::var(format!("CARGO_CFG_TARGET_{name}"));
    if target("OS").as_deref() == Ok("linux") && target("ENV").as_deref() == Ok("gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
