//! The program: the real world around [`mcpjwt::run`].

use std::process::ExitCode;

fn main() -> ExitCode {
    mcpjwt::host::process::main(mcpjwt::run)
}
