//! Times whole processes: `spawn CASES RUNS`.
//!
//! CASES has a case a line: its name, the program and its arguments, tab between each.
//! Every round runs each case once, so that a change of the machine's mood meets all of them,
//! and each in another order, so that none always follows the one that leaves the caches
//! coldest; the first rounds warm the caches and are not counted. Printed is a line a
//! case: name, median, lower and upper quartile, in nanoseconds from before the process is
//! made until it has been waited for, and the same three of its processor time, user and
//! system. Standard streams are the null device.

use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

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
    let mut walls = vec![Vec::with_capacity(runs); cases.len()];
    let mut cpus = walls.clone();
    let mut order: Vec<usize> = (0..cases.len()).collect();
    let mut seed = 1;
    for round in 0..WARM_UP + runs {
        shuffle(&mut order, &mut seed);
        for &at in &order {
            let (wall, cpu) = once(&cases[at])?;
            if round >= WARM_UP {
                walls[at].push(wall);
                cpus[at].push(cpu);
            }
        }
    }
    for (case, times) in cases.iter().zip(walls.iter_mut().zip(&mut cpus)) {
        let (wall, cpu) = (quartiles(times.0), quartiles(times.1));
        println!("{}\t{wall}\t{cpu}", case[0]);
    }
    Ok(())
}

/// Another order, the same for the same seed: Knuth's shuffle, by his generator of 64 bits.
fn shuffle(order: &mut [usize], seed: &mut u64) {
    for last in (1..order.len()).rev() {
        *seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let other = (*seed >> 33) as usize % (last + 1);
        order.swap(last, other);
    }
}

/// Median, lower and upper quartile.
fn quartiles(times: &mut [u128]) -> String {
    times.sort_unstable();
    let quarter = |n: usize| times[(times.len() - 1) * n / 4];
    format!("{}\t{}\t{}", quarter(2), quarter(1), quarter(3))
}

/// One run of a case, which must succeed: time on the clock and of the processor, in nanoseconds.
fn once(case: &[&str]) -> Result<(u128, u128), String> {
    let [name, program, arguments @ ..] = case else {
        return Err("a case without a program".into());
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let before = used()?;
    let start = Instant::now();
    let status = command.status().map_err(|why| format!("{name}: {why}"))?;
    let wall = start.elapsed().as_nanos();
    if status.success() {
        Ok((wall, used()? - before))
    } else {
        Err(format!("{name}: {status}"))
    }
}

/// What all processes that were waited for have used, in nanoseconds.
fn used() -> Result<u128, String> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|why| why.to_string())?;
    let both = usage.user_time() + usage.system_time();
    u128::try_from(both.num_microseconds() * 1000).map_err(|why| why.to_string())
}
