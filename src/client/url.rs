//! A server's URL: its canonical form, which is the audience of its tokens, and who may listen.

use std::net::IpAddr;

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

/// The host of a URL to which everything goes readable for whoever is on the way: `http`, and no
/// address of this machine (RFC 6761 section 6.3 for `localhost`).
pub(super) fn open_host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("http://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => host.split(':').next()?,
    };
    let name = name.to_ascii_lowercase();
    let is_loopback = name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let is_here = is_loopback || name == "localhost" || name.ends_with(".localhost");
    (!is_here).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_loopback_address_is_private_without_tls() {
        #[rustfmt::skip]
        let cases = [
            ("http://mcp.example.com/mcp",   Some("mcp.example.com")),
            ("http://192.168.0.2:8080",      Some("192.168.0.2:8080")),
            ("http://localhost.example.com", Some("localhost.example.com")),
            ("http://[2001:db8::1]/mcp",     Some("[2001:db8::1]")),
            ("http://LOCALHOST:8080/mcp",    None),
            ("http://a.localhost",           None),
            ("http://127.0.0.1:1/mcp",       None),
            ("http://[::1]:8080/mcp",        None),
            ("https://mcp.example.com",      None),
        ];
        for (url, want) in cases {
            assert_eq!(open_host(url), want, "{url}");
        }
    }

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
