//! Times whole processes: `spawn CASES RUNS`.
//!
//! CASES has a case a line: its name, the program and its arguments, tab between each.
//! Every round runs each case once, in turn, so that a change of the machine's mood meets
//! all of them; the first rounds warm the caches and are not counted. Printed is a line a
//! case: name, median, lower and upper quartile, in nanoseconds from before the process is
//! made until it has been waited for. Standard streams are the null device.

use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

const WARM_UP: usize = 5;

fn main() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, cases, runs] = arguments.as_slice() else {
        return Err("usage: spawn CASES RUNS".into());
    };
    let runs: usize = runs.parse().map_err(|why| format!("RUNS: {why}"))?;
    let text = std::fs::read_to_string(cases).map_err(|why| format!("`{cases}`: {why}"))?;
    let cases: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    let mut times = vec![Vec::with_capacity(runs); cases.len()];
    for round in 0..WARM_UP + runs {
        for (case, times) in cases.iter().zip(&mut times) {
            let time = once(case)?;
            if round >= WARM_UP {
                times.push(time);
            }
        }
    }
    for (case, times) in cases.iter().zip(&mut times) {
        times.sort_unstable();
        let quarter = |n: usize| times[(times.len() - 1) * n / 4];
        println!(
            "{}\t{}\t{}\t{}",
            case[0],
            quarter(2),
            quarter(1),
            quarter(3)
        );
    }
    Ok(())
}

/// One run of a case, which must succeed, in nanoseconds.
fn once(case: &[&str]) -> Result<u128, String> {
    let [name, program, arguments @ ..] = case else {
        return Err("a case without a program".into());
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status().map_err(|why| format!("{name}: {why}"))?;
    let time = start.elapsed().as_nanos();
    if status.success() {
        Ok(time)
    } else {
        Err(format!("{name}: {status}"))
    }
}
