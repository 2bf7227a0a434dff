//! Writes databases of addresses in MaxMind's format, small ones for tests.

use std::net::IpAddr;

use serde_json::Value;

/// A database of these networks, each with its record. Numbers become unsigned ones of four bytes.
/// `bits` is 24, 28 or 32; `version` 4 or 6.
pub(crate) fn database(kind: &str, bits: usize, version: u32, networks: &[(&str, Value)]) -> Vec<u8> {
    let mut section = Vec::new();
    let mut tree = vec![[Record::Nothing; 2]];
    for (network, record) in networks {
        let offset = section.len();
        write(record, &mut section);
        let (address, length) = network.split_once('/').expect("a prefix");
        let address: IpAddr = address.parse().expect("an address");
        let length: u32 = length.parse().expect("a length");
        let (path, length) = match (address, version) {
            (IpAddr::V4(address), 4) => (u128::from(address.to_bits()) << 96, length),
            (IpAddr::V4(address), _) => (u128::from(address.to_bits()), 96 + length),
            (IpAddr::V6(address), _) => (address.to_bits(), length),
        };
        let mut node = 0;
        for depth in 0..length {
            let side = (path >> (127 - depth) & 1) as usize;
            if depth == length - 1 {
                tree[node][side] = Record::Data(offset);
                break;
            }
            node = match tree[node][side] {
                Record::Node(next) => next,
                _ => {
                    tree.push([Record::Nothing; 2]);
                    let next = tree.len() - 1;
                    tree[node][side] = Record::Node(next);
                    next
                }
            };
        }
    }
    let nodes = tree.len();
    let mut bytes = Vec::new();
    for sides in &tree {
        let [left, right] = sides.map(|record| match record {
            Record::Nothing => nodes,
            Record::Node(next) => next,
            Record::Data(offset) => nodes + 16 + offset,
        });
        match bits {
            24 => [left, right].iter().for_each(|record| bytes.extend(&record.to_be_bytes()[5..])),
            28 => {
                bytes.extend(&left.to_be_bytes()[5..]);
                bytes.push(((left >> 24) << 4 | right >> 24) as u8);
                bytes.extend(&right.to_be_bytes()[5..]);
            }
            _ => [left, right].iter().for_each(|record| bytes.extend(&record.to_be_bytes()[4..])),
        }
    }
    bytes.extend([0; 16]);
    bytes.extend(section);
    bytes.extend(b"\xAB\xCD\xEFMaxMind.com");
    write(
        &serde_json::json!({"binary_format_major_version": 2, "binary_format_minor_version": 0,
            "build_epoch": 1_793_577_600, "database_type": kind, "description": {"en": "for tests"},
            "ip_version": version, "languages": ["en"], "node_count": nodes, "record_size": bits}),
        &mut bytes,
    );
    bytes
}

#[derive(Clone, Copy)]
enum Record {
    Nothing,
    Node(usize),
    Data(usize),
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::String(text) => {
            head(2, text.len(), out);
            out.extend(text.as_bytes());
        }
        Value::Number(number) if number.is_f64() => {
            head(3, 8, out);
            out.extend(number.as_f64().expect("a fraction").to_be_bytes());
        }
        Value::Number(number) => {
            head(6, 4, out);
            out.extend((number.as_u64().expect("a whole number") as u32).to_be_bytes());
        }
        Value::Bool(flag) => head(14, usize::from(*flag), out),
        Value::Array(items) => {
            head(11, items.len(), out);
            items.iter().for_each(|item| write(item, out));
        }
        Value::Object(members) => {
            head(7, members.len(), out);
            for (key, member) in members {
                write(&Value::String(key.clone()), out);
                write(member, out);
            }
        }
        Value::Null => panic!("there is no null in the format"),
    }
}

fn head(kind: u8, size: usize, out: &mut Vec<u8>) {
    let (low, more): (u8, &[u8]) = match size {
        0..29 => (size as u8, &[]),
        29..285 => (29, &[(size - 29) as u8]),
        _ => (30, &((size - 285) as u16).to_be_bytes()),
    };
    if kind < 8 {
        out.push(kind << 5 | low)
    } else {
        out.extend([low, kind - 7])
    }
    out.extend(more);
}
