//! The canonical form of a server's URL, which is the audience of its tokens.

/// The URL with scheme and host in lower case, without its default port, fragment, and slash at
/// the end (RFC 8707 and the MCP authorization specification); `None` where it is not one of
/// `http` or `https`, holds a user, or is not all there but for a reference such as `${HOST}`.
pub fn canonical(url: &str) -> Option<String> {
    let (scheme, rest) = url.trim().split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let rest = rest.split('#').next().unwrap_or_default();
    let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '{' | '}' | '$' | '"');
    if host.is_empty() || host.contains('@') || rest.contains(odd) {
        return None;
    }
    let host = host.to_ascii_lowercase();
    let host = host.strip_suffix(port).unwrap_or(&host);
    let path = path.strip_suffix('/').unwrap_or(path);
    Some(format!("{scheme}://{host}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_one_canonical_form() {
        #[rustfmt::skip]
        let cases = [
            ("https://mcp.example.com/mcp",       Some("https://mcp.example.com/mcp")),
            ("HTTPS://MCP.Example.com:443/Mcp/",  Some("https://mcp.example.com/Mcp")),
            ("http://127.0.0.1:8000/mcp#x",       Some("http://127.0.0.1:8000/mcp")),
            ("http://localhost:80",               Some("http://localhost")),
            ("https://example.com/",              Some("https://example.com")),
            ("https://example.com?a=b",           Some("https://example.com?a=b")),
            ("https://[::1]:8443/mcp",            Some("https://[::1]:8443/mcp")),
            ("https://me:pw@example.com/",        None),
            ("https://${HOST}/mcp",               None),
            ("https://{env:HOST}/mcp",            None),
            ("ws://example.com",                  None),
            ("https://",                          None),
            ("example.com",                       None),
        ];
        for (url, want) in cases {
            assert_eq!(canonical(url).as_deref(), want, "{url}");
        }
    }
}
