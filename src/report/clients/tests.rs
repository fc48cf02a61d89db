use super::*;

#[test]
fn of_a_server_only_what_is_no_secret_is_told() {
    let url = |url: &str| Kind::Remote {
        url: url.to_owned(),
    };
    let command = |words: &[&str]| Kind::Stdio {
        command: words.iter().map(|word| (*word).to_owned()).collect(),
    };
    #[rustfmt::skip]
    let cases = [
        (url("https://mcp.example.com/api/mcp/s/SECRET"), "remote", "https://mcp.example.com"),
        (url("https://mcp.example.com:8443?key=SECRET"),  "remote", "https://mcp.example.com:8443"),
        (url("https://user:SECRET@mcp.example.com/mcp"),  "remote", "https://mcp.example.com"),
        (url("https://user:SEC/RET@mcp.example.com/mcp"), "remote", "https://.."),
        (url("https://mcp.example.com#SECRET@x"),         "remote", "https://mcp.example.com"),
        (url("http://[::1]:8000/mcp"),                    "remote", "http://[::1]:8000"),
        (url("http://${HOST}/mcp"),                       "remote", "http://.."),
        (url("${URL}"),                                   "remote", ""),
        (command(&["/usr/bin/node", "--token", "SECRET"]), "stdio",  "node"),
        (command(&["C:\\bin\\uvx.exe"]),                  "stdio",  "uvx.exe"),
        (command(&["C:\\Program Files\\nodejs\\node.exe"]), "stdio", "node.exe"),
        (command(&["C:\\Program Files\\nodejs\\npx.cmd a\\SECRET"]), "stdio", "npx.cmd"),
        (command(&["C:\\node.exe dir\\SECRET"]),          "stdio",  "node.exe"),
        (command(&["C:\\node.exe D:\\dir\\SECRET"]),      "stdio",  "node.exe"),
        (command(&["C:\\Program Files\\SECRET"]),         "stdio",  ""),
        (command(&["\"C:\\Program Files\\x\\a.exe\" SECRET"]), "stdio", "a.exe"),
        (command(&["/bin/node dir/SECRET"]),              "stdio",  "node"),
        (command(&["/bin/node --token=eyJh.e30.c2ln"]),   "stdio",  "node"),
        (command(&["TOKEN=SECRET node"]),                 "stdio",  ""),
        (command(&["eyJh.e30.c2ln"]),                     "stdio",  ""),
        (url("https://eyJh.e30.c2ln/mcp"),                "remote", "https://.."),
        (command(&[]),                                    "stdio",  ""),
        (Kind::Unknown,                                   "unknown", ""),
    ];
    for (given, word, what) in cases {
        assert_eq!(kind(&given), (word, what.to_owned()), "{given:?}");
    }
}
