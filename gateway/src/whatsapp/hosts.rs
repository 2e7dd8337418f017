//! Where files may be fetched from: the address of a file comes from outside, and our bearer token goes there.
//!
//! An address is followed if it is https on its usual port at a host of the list, and if that host's name does not lead into
//! our own network (OWASP, server-side request forgery). Addresses are compared as they are connected to: in whatever way an
//! IP address is spelled, it is no name of the list.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};

use super::cloud_api::is_loopback;

/// The hosts that files may be fetched from.
#[derive(Debug, Clone)]
pub struct Hosts {
    /// Names in lower case; those that begin with a dot stand for every name that ends so.
    names: Arc<[String]>,
    /// A stand-in for the Graph API on this machine, which keeps its files itself.
    stand_in: Option<Url>,
}

/// A text that is no list of hosts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither a host name nor of the form *.example.org")]
pub struct InvalidHosts(String);

impl Hosts {
    /// Reads names that are separated by commas: `lookaside.fbsbx.com`, or `*.fbcdn.net` for all that end so. If the Graph API
    /// is played on this machine, files may come from the same origin.
    pub fn read(list: &str, graph_url: &Url) -> Result<Self, InvalidHosts> {
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        let names: Result<Vec<String>, InvalidHosts> = names
            .map(|name| {
                let bare = name.strip_prefix("*.").unwrap_or(name);
                let parsed = Url::parse(&format!("https://{bare}/"));
                let is_name = parsed.is_ok_and(|url| url.domain() == Some(&bare.to_ascii_lowercase()));
                if !is_name || bare.contains('*') {
                    return Err(InvalidHosts(name.to_owned()));
                }
                Ok(name.trim_start_matches('*').to_ascii_lowercase())
            })
            .collect();
        let stand_in = is_loopback(graph_url).then(|| graph_url.clone());
        Ok(Self { names: names?.into(), stand_in })
    }

    /// Whether a file may be fetched from there.
    #[must_use]
    pub fn allow(&self, url: &Url) -> bool {
        let is_bare = url.username().is_empty() && url.password().is_none();
        let is_stand_in = self.is_stand_in(url);
        let is_listed = url.scheme() == "https"
            && url.port().is_none()
            && url.domain().is_some_and(|domain| self.lists(domain));
        is_bare && (is_stand_in || is_listed)
    }

    /// Whether an address is that of the stand-in on this machine.
    #[must_use]
    pub fn is_stand_in(&self, url: &Url) -> bool {
        self.stand_in.as_ref().is_some_and(|stand_in| stand_in.origin() == url.origin())
    }

    fn lists(&self, domain: &str) -> bool {
        self.names.iter().any(|name| {
            if name.starts_with('.') {
                domain.len() > name.len() && domain.ends_with(name)
            } else {
                domain == name
            }
        })
    }
}

/// Looks names up, and says nothing of those of the list that lead into our own network. Any other name is that of a proxy
/// that the operator has set, since nothing else is connected to.
impl Resolve for Hosts {
    fn resolve(&self, name: Name) -> Resolving {
        let hosts = self.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let listed = hosts.lists(name.as_str());
            let found: Vec<SocketAddr> = found.filter(|at| !listed || is_public(at.ip())).collect();
            if found.is_empty() {
                let cause = "the name leads nowhere on the internet";
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, cause).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the internet, not of this machine or a network of ours (IANA special-purpose registries).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_benchmark = a == 198 && (b == 18 || b == 19);
    let is_protocol = (a, b, c) == (192, 0, 0);
    let is_special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation();
    !(is_special || is_shared || is_benchmark || is_protocol || a == 0 || a >= 224)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, .., sixth, seventh] = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    match (first, second) {
        // NAT64 (RFC 6052) and 6to4 (RFC 3056) lead to the IPv4 address within.
        (0x64, 0xff9b) => address.segments()[2..6] == [0; 4] && embedded(sixth, seventh),
        (0x2002, _) => embedded(second, address.segments()[2]),
        // Protocol assignments, among them Teredo, and documentation.
        (0x2001, low) => low >= 0x200 && low != 0xdb8,
        (0x3fff, low) => low >= 0x1000,
        _ => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const META: &str = "lookaside.fbsbx.com, *.fbcdn.net, *.whatsapp.net";

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    #[test]
    fn only_hosts_of_the_list_are_followed_however_an_address_is_spelled() {
        let hosts = Hosts::read(META, &url("https://graph.facebook.com")).expect("reads");
        for allowed in [
            "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1",
            "https://LOOKASIDE.fbsbx.com:443/x",
            "https://scontent.xx.fbcdn.net/v/t45.1",
            "https://mmg.whatsapp.net/x",
        ] {
            assert!(hosts.allow(&url(allowed)), "{allowed}");
        }
        for refused in [
            "http://lookaside.fbsbx.com/",
            "https://lookaside.fbsbx.com:8443/",
            "https://user@lookaside.fbsbx.com/",
            "https://:secret@lookaside.fbsbx.com/",
            "https://lookaside.fbsbx.com@evil.example/",
            "https://lookaside.fbsbx.com.evil.example/",
            "https://lookaside.fbsbx.com./",
            "https://evil.example/lookaside.fbsbx.com",
            "https://evillookaside.fbsbx.com/",
            "https://x.lookaside.fbsbx.com/",
            "https://fbcdn.net/",
            "https://evilfbcdn.net/",
            "https://evil.example#.fbcdn.net",
            "https://evil.example\\.fbcdn.net/",
            "ftp://lookaside.fbsbx.com/",
            "file:///etc/passwd",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://017700000001/",
            "https://127.0.0.1./",
            "https://%31%32%37.0.0.1/",
            "https://１２７.0.0.1/",
            "https://localhost/",
            "https://0/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://169.254.169.254/latest/meta-data",
            "https://[fd00:ec2::254]/",
            "https://10.0.0.1/",
            "http://127.0.0.1:8490/media-files/1",
        ] {
            assert!(!hosts.allow(&url(refused)), "{refused}");
        }
    }

    #[test]
    fn a_stand_in_on_this_machine_keeps_its_own_files_and_nothing_else_here_does() {
        let hosts = Hosts::read(META, &url("http://127.0.0.1:8490")).expect("reads");
        assert!(hosts.allow(&url("http://127.0.0.1:8490/media-files/1")));
        for refused in [
            "http://127.0.0.1:8491/media-files/1",
            "https://127.0.0.1:8490/",
            "http://localhost:8490/",
            "http://user@127.0.0.1:8490/",
        ] {
            assert!(!hosts.allow(&url(refused)), "{refused}");
        }
    }

    #[test]
    fn a_list_holds_names_alone() {
        let graph = url("https://graph.facebook.com");
        for refused in
            ["10.0.0.1", "*", "*.", "a.*.b", "https://x.org", "x.org/y", "x.org:443", "[::1]", "a b"]
        {
            assert!(Hosts::read(refused, &graph).is_err(), "{refused}");
        }
        assert!(Hosts::read("", &graph).is_ok_and(|hosts| !hosts.allow(&url("https://x.org"))));
    }

    #[test]
    fn addresses_of_our_own_networks_are_none_of_the_internet() {
        let is = |text: &str| is_public(text.parse().expect("an address"));
        for public in [
            "157.240.1.1",
            "100.63.0.1",
            "100.128.0.1",
            "2a03:2880:f000::1",
            "::ffff:157.240.1.1",
            "64:ff9b::9df0:101",
        ] {
            assert!(is(public), "{public}");
        }
        for own in [
            "127.0.0.1",
            "127.255.255.254",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.19.9.9",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a00:1::",
            "3fff::1",
            "100::1",
            "4000::1",
        ] {
            assert!(!is(own), "{own}");
        }
    }

    #[tokio::test]
    async fn a_listed_name_that_leads_here_is_not_looked_up() {
        let hosts = Hosts::read("localhost", &url("https://graph.facebook.com")).expect("reads");
        let name = || "localhost".parse::<Name>().expect("a name");
        assert!(hosts.resolve(name()).await.is_err());
        let hosts = Hosts::read(META, &url("https://graph.facebook.com")).expect("reads");
        assert!(hosts.resolve(name()).await.is_ok(), "a proxy's name");
    }
}
