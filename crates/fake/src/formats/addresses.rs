//! Addresses: of hosts, networks, pages and people.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The longest name of a host.
const LONGEST_HOST: usize = 255;
/// The longest part of it.
const LONGEST_LABEL: usize = 63;

pub(super) fn is_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

pub(super) fn is_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

pub(super) fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else {
        return false;
    };
    let most = match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    let is_number = !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
    is_number && bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}

/// 6, 8 or 20 bytes with colons or dashes between them, or the same in groups of four digits with dots.
pub(super) fn is_mac(text: &str) -> bool {
    let (separator, digits, lengths) = if text.contains('.') {
        ('.', 4, [3, 4, 10])
    } else if text.contains('-') {
        ('-', 2, [6, 8, 20])
    } else {
        (':', 2, [6, 8, 20])
    };
    let groups: Vec<&str> = text.split(separator).collect();
    let is_group =
        |group: &&str| group.len() == digits && group.bytes().all(|b| b.is_ascii_hexdigit());
    lengths.contains(&groups.len()) && groups.iter().all(is_group)
}

pub(super) fn is_hostname(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        let inner = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        (1..=LONGEST_LABEL).contains(&label.len())
            && label.chars().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= LONGEST_HOST && text.split('.').all(is_label)
}

/// An absolute address, or an absolute path.
pub(super) fn is_uri(text: &str) -> bool {
    if text.contains(|c: char| c.is_ascii_control() || c == ' ') {
        return false;
    }
    if text.starts_with('/') {
        return true;
    }
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let mut characters = scheme.chars();
    let begins = characters.next().is_some_and(|c| c.is_ascii_alphabetic());
    begins && characters.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) && !rest.is_empty()
}

pub(super) fn is_email(text: &str) -> bool {
    let address = match text.split_once('<') {
        Some((_, rest)) => rest.trim_end().strip_suffix('>').unwrap_or(""),
        None => text,
    };
    let Some((local, domain)) = address.rsplit_once('@') else {
        return false;
    };
    let is_plain = |part: &str| {
        let stray = |c: char| c.is_whitespace() || "()<>[]:;,@\\\"".contains(c);
        !part.is_empty() && !part.contains(stray) && part.split('.').all(|atom| !atom.is_empty())
    };
    is_plain(local) && is_plain(domain)
}
