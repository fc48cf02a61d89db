//! Where configs are, by system, home and environment.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::client::{System, Where, configs, find};

/// The paths of a client's configs and the one it would make, as text.
fn paths(name: &str, system: System, env: &[(&str, &str)]) -> String {
    let env = |name: &str| -> Option<OsString> {
        let found = env.iter().find(|(known, _)| *known == name)?;
        Some(found.1.into())
    };
    let place = Where {
        system,
        home: Some(PathBuf::from("/h")),
        project: PathBuf::from("/p"),
        env: &env,
    };
    let shown = configs(find(name).unwrap(), &place)
        .into_iter()
        .map(|config| {
            let paths: Vec<String> = config
                .paths
                .iter()
                .map(|path| {
                    let new = if *path == config.new { "*" } else { "" };
                    format!("{}{new}", path.display())
                })
                .collect();
            format!("{} {}", config.scope.name(), paths.join(" "))
        });
    shown.collect::<Vec<_>>().join("; ")
}

#[test]
fn of_each_system_and_environment() {
    type Env<'a> = &'a [(&'a str, &'a str)];
    use System::{Linux, MacOs, Windows};
    #[rustfmt::skip]
    let cases: [(&str, System, Env<'_>, &str); 12] = [
        ("zed", Linux,   &[],                           "user /h/.config/zed/settings.json*; project /p/.zed/settings.json*"),
        ("zed", Linux,   &[("XDG_CONFIG_HOME", "/c")],  "user /c/zed/settings.json*; project /p/.zed/settings.json*"),
        ("zed", Linux,   &[("XDG_CONFIG_HOME", "c")],   "user /h/.config/zed/settings.json*; project /p/.zed/settings.json*"),
        ("zed", MacOs,   &[("XDG_CONFIG_HOME", "/c")],  "user /h/.config/zed/settings.json*; project /p/.zed/settings.json*"),
        ("zed", Windows, &[("APPDATA", "/a")],          "user /a/Zed/settings.json*; project /p/.zed/settings.json*"),
        ("zed", Windows, &[],                           "user /h/AppData/Roaming/Zed/settings.json*; project /p/.zed/settings.json*"),
        ("codex", Linux, &[],                           "user /h/.codex/config.toml*; project /p/.codex/config.toml*"),
        ("codex", Linux, &[("CODEX_HOME", "/x")],       "user /x/config.toml*; project /p/.codex/config.toml*"),
        ("codex", Linux, &[("CODEX_HOME", "")],         "user /h/.codex/config.toml*; project /p/.codex/config.toml*"),
        ("codex", Linux, &[("CODEX_HOME", "x")],        "user /p/x/config.toml*; project /p/.codex/config.toml*"),
        ("opencode", Linux, &[],
            "user /h/.config/opencode/opencode.jsonc /h/.config/opencode/opencode.json*; \
             project /p/opencode.jsonc /p/opencode.json* /p/.opencode/opencode.jsonc /p/.opencode/opencode.json"),
        ("visual-studio", Linux, &[],                   ""),
    ];
    for (name, system, env, want) in cases {
        assert_eq!(paths(name, system, env), want, "{name} {system:?} {env:?}");
    }
    let cline = paths(
        "cline",
        Linux,
        &[("CLINE_MCP_SETTINGS_PATH", "/s/own.json")],
    );
    assert!(
        cline.starts_with("user /s/own.json*; user /h/.config/Code/"),
        "{cline}"
    );
}

#[test]
fn without_a_home_only_the_project_is_left() {
    let place = Where {
        system: System::Linux,
        home: None,
        project: PathBuf::from("/p"),
        env: &|_| None,
    };
    let all = configs(find("cursor").unwrap(), &place);
    let paths: Vec<&PathBuf> = all.iter().map(|config| &config.new).collect();
    assert_eq!(paths, [&PathBuf::from("/p/.cursor/mcp.json")]);
}

#[test]
fn the_servers_of_one_person_in_one_project_are_under_its_path() {
    let place = Where {
        system: System::Windows,
        home: Some(PathBuf::from("/h")),
        project: PathBuf::from("C:\\code\\shop"),
        env: &|_| None,
    };
    let local = configs(find("claude-code").unwrap(), &place).pop().unwrap();
    let steps: Vec<String> = local.servers.iter().map(|steps| steps.join(" ")).collect();
    assert_eq!(
        steps,
        [
            "projects C:/code/shop mcpServers",
            "projects C:\\code\\shop mcpServers"
        ]
    );
}
