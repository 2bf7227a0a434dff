//! Large exports, for benches and browser tests: as long as one asks for, without being held.

use super::random::Random;
use super::time::DAY;
use super::{Detail, Settings, TenantIds, days, finish, ids, people, workloads, write};

/// How much to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// So many events.
    Events(u64),
    /// At least so many bytes, and less than a record more.
    Bytes(u64),
}

/// Weeks are made and written one after the other.
const DAYS: u32 = 7;

/// Writes user sign-ins as Graph beta lists them, one a line, to `sink`, in pieces of about a mebibyte
/// that end with a record. Records are as long as those of a large tenant: 4 to 5.7 kB. Returns how
/// many there are.
pub fn write_large(amount: Amount, seed: u64, mut sink: impl FnMut(&[u8])) -> u64 {
    const PIECE: usize = 1 << 20;
    let random = Random::new(seed);
    let mut settings = Settings {
        seed,
        users: users(amount),
        days: DAYS,
        pace: 24,
        detail: Detail::Long,
        incidents: Vec::new(),
        ..Settings::default()
    };
    let people = people::people(&random, settings.users, settings.days);
    let ids = ids(&random);
    let (mut events, mut bytes) = (0_u64, 0_u64);
    let mut piece = Vec::with_capacity(PIECE + 8_192);
    loop {
        for row in week(&people, &settings, &ids, &random) {
            let enough = match amount {
                Amount::Events(wanted) => events >= wanted,
                Amount::Bytes(wanted) => bytes >= wanted,
            };
            if enough {
                sink(&piece);
                return events;
            }
            let before = piece.len();
            write::line(&row, settings.detail, &mut piece);
            bytes += (piece.len() - before) as u64;
            events += 1;
            if piece.len() >= PIECE {
                sink(&piece);
                piece.clear();
            }
        }
        settings.start += i64::from(DAYS) * DAY;
    }
}

fn users(amount: Amount) -> u32 {
    let events = match amount {
        Amount::Events(events) => events,
        Amount::Bytes(bytes) => bytes / 4_500,
    };
    (events / 600).clamp(100, 1_000) as u32
}

fn week(people: &[people::Person], settings: &Settings, ids: &TenantIds, random: &Random) -> Vec<super::SignIn> {
    let mut tenant = super::Tenant::new(ids.clone(), settings.detail);
    for person in people {
        days::live(person, settings, ids, random, &mut tenant.sign_ins);
    }
    workloads::run(settings, ids, random, &mut tenant.sign_ins);
    finish(people, settings, &mut tenant);
    tenant.sign_ins.retain(|row| row.stream.is_user());
    tenant.sign_ins
}

#[cfg(test)]
mod tests {
    use crate::order::Set;

    use super::*;

    #[test]
    fn writes_as_much_as_was_asked_for_and_no_id_twice() {
        let mut bytes = Vec::new();
        let events = write_large(Amount::Events(9_000), 3, |piece| bytes.extend_from_slice(piece));
        let text = String::from_utf8(bytes).expect("text");
        assert_eq!((events, text.lines().count()), (9_000, 9_000));
        let ids: Set<&str> = text.lines().map(|line| line.split('"').nth(3).unwrap_or("")).collect();
        assert_eq!(ids.len(), 9_000);
        let lengths: Vec<usize> = text.lines().map(str::len).collect();
        let (shortest, longest) = (lengths.iter().min(), lengths.iter().max());
        assert!(lengths.iter().all(|length| (3_000..5_900).contains(length)), "{shortest:?} {longest:?}");
        let mut written = 0;
        write_large(Amount::Bytes(2_000_000), 3, |piece| written += piece.len());
        assert!((2_000_000..2_006_000).contains(&written), "{written}");
    }

    #[test]
    fn is_the_same_for_the_same_seed() {
        let write = |seed| {
            let mut bytes = Vec::new();
            write_large(Amount::Events(300), seed, |piece| bytes.extend_from_slice(piece));
            bytes
        };
        assert_eq!(write(5), write(5));
        assert_ne!(write(5), write(6));
    }
}
