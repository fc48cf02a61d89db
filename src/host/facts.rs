//! What is known of the process, and how it is found out.
#![expect(clippy::disallowed_methods, reason = "this is the real world")]

use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{Local, Offset, TimeZone};

/// Plain data, taken once when the process starts.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Unix seconds, rounded down.
    pub now: i64,
    /// The clock as it goes on, likewise: for what waits longer than `now` is true.
    pub clock: fn() -> i64,
    /// When the program was built, likewise.
    pub built: i64,
    /// Seconds east of UTC at an instant (unix seconds), in the local zone.
    pub local_offset: fn(i64) -> i32,
    /// The operating system, a value so that path tables can be tested for all.
    pub os: Os,
    /// Our folders.
    pub dirs: Dirs,
    /// The working directory.
    pub cwd: PathBuf,
    /// Columns of the terminal that standard output goes to, if it is one.
    pub width: Option<u16>,
    /// Whether standard input is a terminal.
    pub stdin_is_terminal: bool,
    /// Whether standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Whether standard error is a terminal.
    pub stderr_is_terminal: bool,
    /// The environment as it came; the last of one name counts.
    pub env: Vec<(OsString, OsString)>,
}

impl Facts {
    /// An environment variable, where it is set, not empty, and UTF-8.
    pub fn env(&self, name: &str) -> Option<&str> {
        self.variable(name)
            .and_then(OsStr::to_str)
            .filter(|value| !value.is_empty())
    }

    /// Whether the terminal shows more than ASCII, by its locale; on Windows it always does.
    pub fn shows_unicode(&self) -> bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|name| self.env(name));
        let is_utf8 = |locale: &str| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        };
        self.os == Os::Windows || locale.is_some_and(is_utf8)
    }

    /// An environment variable as it is, where it is set.
    pub fn variable(&self, name: &str) -> Option<&OsStr> {
        variable(&self.env, name)
    }
}

/// Looks through all: a run asks for a dozen, so to sort them first takes longer.
fn variable<'e>(env: &'e [(OsString, OsString)], name: &str) -> Option<&'e OsStr> {
    let found = env.iter().rfind(|(known, _)| known == name)?;
    Some(&found.1)
}

/// The operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Os {
    /// Linux and the other free systems.
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

/// Our folders; none is made before something is written into it.
#[derive(Debug, Clone)]
pub struct Dirs {
    /// The person's home folder, `~`.
    pub home: Option<PathBuf>,
    /// Settings: `$XDG_CONFIG_HOME/mcpjwt`.
    pub config: Option<PathBuf>,
    /// Keys: `$XDG_DATA_HOME/mcpjwt`.
    pub data: Option<PathBuf>,
    /// Ledger, locks: `$XDG_STATE_HOME/mcpjwt`.
    pub state: Option<PathBuf>,
}

/// Takes the facts. No file is read: the local zone waits until it is asked for.
pub(super) fn now() -> Facts {
    let env = environment();
    let os = os();
    let cwd = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let stdout_is_terminal = std::io::stdout().is_terminal();
    Facts {
        now: clock(),
        clock,
        built: env!("MCPJWT_BUILT").parse().unwrap_or_default(),
        local_offset,
        os,
        dirs: dirs(os, &env, &cwd),
        cwd,
        width: stdout_is_terminal.then(|| width(&env)).flatten(),
        stdin_is_terminal: std::io::stdin().is_terminal(),
        stdout_is_terminal,
        stderr_is_terminal: std::io::stderr().is_terminal(),
        env,
    }
}

pub(super) fn environment() -> Vec<(OsString, OsString)> {
    std::env::vars_os().collect()
}

fn clock() -> i64 {
    seconds(SystemTime::now())
}

/// Unix seconds rounded down, also before 1970.
pub(super) fn seconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(before) => {
            let before = before.duration();
            let seconds = i64::try_from(before.as_secs()).unwrap_or(i64::MAX);
            -seconds - i64::from(before.subsec_nanos() > 0)
        }
    }
}

/// Seconds east of UTC in the local zone; 0 where an instant has no date.
fn local_offset(instant: i64) -> i32 {
    Local
        .timestamp_opt(instant, 0)
        .single()
        .map_or(0, |time| time.offset().fix().local_minus_utc())
}

fn os() -> Os {
    if cfg!(windows) {
        Os::Windows
    } else if cfg!(target_os = "macos") {
        Os::MacOs
    } else {
        Os::Linux
    }
}

fn width(env: &[(OsString, OsString)]) -> Option<u16> {
    variable(env, "COLUMNS")
        .and_then(|columns| columns.to_str()?.parse().ok())
        .or_else(terminal_width)
        .filter(|width| *width > 0)
}

#[cfg(unix)]
fn terminal_width() -> Option<u16> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    Some(size.ws_col)
}

#[cfg(not(unix))]
fn terminal_width() -> Option<u16> {
    None
}

/// Our folders by the XDG base directory rules (macOS too: that is where people
/// look for the files of a command line tool), `%APPDATA%` and `%LOCALAPPDATA%` on
/// Windows, `MCPJWT_HOME` everywhere. A relative XDG path is ignored, as its
/// specification wants it.
fn dirs(os: Os, env: &[(OsString, OsString)], cwd: &Path) -> Dirs {
    let folder = |name: &str| {
        variable(env, name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let absolute = |name| folder(name).filter(|path| path.is_absolute());
    let home = if os == Os::Windows {
        folder("USERPROFILE")
    } else {
        absolute("HOME")
    };
    if let Some(all) = folder("MCPJWT_HOME") {
        let all = cwd.join(all);
        return Dirs {
            home,
            config: Some(all.clone()),
            data: Some(all.clone()),
            state: Some(all),
        };
    }
    if os == Os::Windows {
        let local = folder("LOCALAPPDATA").map(|path| path.join("mcpjwt"));
        return Dirs {
            home,
            config: folder("APPDATA").map(|path| path.join("mcpjwt")),
            data: local.as_ref().map(|path| path.join("data")),
            state: local.map(|path| path.join("state")),
        };
    }
    let under = |name, or: &str| {
        absolute(name)
            .or_else(|| Some(home.as_ref()?.join(or)))
            .map(|path| path.join("mcpjwt"))
    };
    Dirs {
        config: under("XDG_CONFIG_HOME", ".config"),
        data: under("XDG_DATA_HOME", ".local/share"),
        state: under("XDG_STATE_HOME", ".local/state"),
        home,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_each_system() {
        type Env<'a> = &'a [(&'a str, &'a str)];
        #[rustfmt::skip]
        let cases: [(Os, Env<'_>, [&str; 4]); 8] = [
            // system      environment                                     home, config, data, state
            (Os::Linux,   &[("HOME", "/h")],
                ["/h", "/h/.config/mcpjwt", "/h/.local/share/mcpjwt", "/h/.local/state/mcpjwt"]),
            (Os::MacOs,   &[("HOME", "/h")],
                ["/h", "/h/.config/mcpjwt", "/h/.local/share/mcpjwt", "/h/.local/state/mcpjwt"]),
            (Os::Linux,   &[("HOME", "/h"), ("XDG_CONFIG_HOME", "/c"), ("XDG_DATA_HOME", "rel"), ("XDG_STATE_HOME", "")],
                ["/h", "/c/mcpjwt", "/h/.local/share/mcpjwt", "/h/.local/state/mcpjwt"]),
            (Os::Linux,   &[],                                             ["-", "-", "-", "-"]),
            (Os::Linux,   &[("XDG_STATE_HOME", "/s")],                     ["-", "-", "-", "/s/mcpjwt"]),
            (Os::Linux,   &[("HOME", "/h"), ("MCPJWT_HOME", "/m")],        ["/h", "/m", "/m", "/m"]),
            (Os::Linux,   &[("MCPJWT_HOME", "m")],                         ["-", "/w/m", "/w/m", "/w/m"]),
            (Os::Windows, &[("USERPROFILE", "U"), ("APPDATA", "A"), ("LOCALAPPDATA", "L")],
                ["U", "A/mcpjwt", "L/mcpjwt/data", "L/mcpjwt/state"]),
        ];
        for (os, env, want) in cases {
            let env: Vec<(OsString, OsString)> = env
                .iter()
                .map(|(k, v)| ((*k).into(), (*v).into()))
                .collect();
            let dirs = dirs(os, &env, Path::new("/w"));
            let got = [dirs.home, dirs.config, dirs.data, dirs.state]
                .map(|path| path.map_or("-".into(), |path| path.display().to_string()));
            assert_eq!(got, want, "{os:?} {env:?}");
        }
    }

    #[test]
    fn the_offset_of_an_impossible_instant_is_zero() {
        assert_eq!(local_offset(i64::MAX), 0);
    }
}
