//! Near misses of *device code to the broker* and of *credential registered after a device code*.

use std::sync::Arc;

use crate::events::vocabulary::Stream;
use crate::generate::apps::{self, App};
use crate::generate::directory::{audit, user_target};
use crate::generate::record::{Audit, Initiator, SignIn, User};
use crate::generate::session::Session;
use crate::generate::time::{HOUR, MINUTE, SECOND};

use super::{Bench, ZERO, mixed_case};

const MIXED_CASE_BROKER: &str = "29D9ed98-A469-4536-aDE2-F981bc1d605E";

type Case = (&'static str, fn(&mut SignIn));

/// From a sign-in to Office by device code, which is no match.
const BROKER: &[Case] = &[
    ("no match: the broker takes no part", |_| {}),
    ("exact", |row| row.audiences = vec![apps::BROKER.id]),
    ("exact, among several audiences", |row| row.audiences = vec![apps::GRAPH.id, apps::BROKER.id]),
    ("exact, in mixed case", |row| row.audiences = vec![MIXED_CASE_BROKER]),
    ("exact, non-interactive", |row| {
        row.audiences = vec![apps::BROKER.id];
        row.stream = Stream::NonInteractive;
    }),
    ("exact, without a session id", |row| {
        row.audiences = vec![apps::BROKER.id];
        row.session.clear();
    }),
    ("no match: the code was not confirmed yet", |row| {
        row.audiences = vec![apps::BROKER.id];
        row.code = 50199;
    }),
    ("no match: refused", |row| {
        row.audiences = vec![apps::BROKER.id];
        row.code = 53003;
    }),
    ("no match: no device code", |row| {
        row.audiences = vec![apps::BROKER.id];
        row.protocol = "none";
    }),
    ("no match: another protocol", |row| {
        row.audiences = vec![apps::BROKER.id];
        row.protocol = "authenticationTransfer";
    }),
    ("no match: the broker is application only", |row| row.app = apps::BROKER),
    ("no match: no audience", |row| row.audiences.clear()),
    ("wider: the transfer sticks, the broker is audience", |row| {
        (row.protocol, row.transfer) = ("none", "deviceCodeFlow");
        row.audiences = vec![apps::BROKER.id];
    }),
    ("wider: the transfer sticks, the broker is application", |row| {
        (row.protocol, row.transfer) = ("none", "deviceCodeFlow");
        row.app = apps::BROKER;
    }),
    ("wider: the broker is application, in mixed case", |row| {
        row.transfer = "deviceCodeFlow";
        row.app = App { id: MIXED_CASE_BROKER, name: "Microsoft Authentication Broker" };
    }),
    ("wider: a later refresh", |row| {
        (row.protocol, row.transfer) = ("none", "deviceCodeFlow");
        row.app = apps::BROKER;
        (row.stream, row.incoming) = (Stream::NonInteractive, "refreshToken");
    }),
    ("exact and wider", |row| {
        row.transfer = "deviceCodeFlow";
        row.audiences = vec![apps::BROKER.id];
    }),
    ("no match: the transfer sticks, the broker takes no part", |row| row.transfer = "deviceCodeFlow"),
    ("no match: the transfer sticks, and it failed", |row| {
        row.transfer = "deviceCodeFlow";
        row.app = apps::BROKER;
        row.code = 70043;
    }),
];

/// Operations that register something.
const REGISTRATIONS: [&str; 20] = [
    "User registered security info",
    "User registered all required security info",
    "User changed default security info",
    "User updated security info",
    "Admin registered security info",
    "Admin updated security info",
    "Create Temporary Access Pass method for user",
    "Add Temporary Access Pass",
    "Add Windows Hello for Business credential",
    "Add FIDO2 security key",
    "Add Passkey (device-bound)",
    "Add Passkey (synced)",
    "Add Passkey",
    "Add passwordless phone sign-in credential",
    "Add platform credential",
    "Register device",
    "Add device",
    "Add registered owner to device",
    "Add registered users to device",
    "Add registered user to device",
];

/// Operations that sound like it.
const NO_REGISTRATIONS: [&str; 7] = [
    "User deleted security info",
    "User started security info registration",
    "Admin deleted security info",
    "Delete Windows Hello for Business credential",
    "Update device",
    "Consent to application",
    "Add member to group",
];

/// A device code at a full minute and a registration an hour later: a match, until a case changes it.
struct Pair {
    sign_in: SignIn,
    more: Vec<SignIn>,
    audit: Audit,
    session: Session,
    stranger: Arc<User>,
}

type RegistrationCase = (&'static str, fn(&mut Pair));

const REGISTERED: &[RegistrationCase] = &[
    ("at the same time", |pair| pair.audit.time = pair.sign_in.time),
    ("an hour, to the millisecond", |pair| pair.audit.time = pair.sign_in.time + HOUR),
    ("over an hour by a millisecond", |pair| pair.audit.time = pair.sign_in.time + HOUR + 1_000),
    ("48 hours, to the millisecond", |pair| pair.audit.time = pair.sign_in.time + 48 * HOUR),
    ("no match: over 48 hours by a millisecond", |pair| pair.audit.time = pair.sign_in.time + 48 * HOUR + 1_000),
    ("no match: a second before", |pair| pair.audit.time = pair.sign_in.time - SECOND),
    ("no match: it failed", |pair| pair.audit.result = "failure"),
    ("Success in capitals", |pair| pair.audit.result = "Success"),
    ("in other letters", |pair| pair.audit.operation = "register DEVICE"),
    ("a final dot", |pair| pair.audit.operation = "Add Windows Hello for Business credential."),
    ("no match: another user", |pair| {
        pair.audit.initiator = Initiator::User(Arc::clone(&pair.stranger), String::new());
        pair.audit.targets = vec![user_target(&pair.stranger)];
    }),
    ("no match: another user of the same name", |pair| {
        let name = pair.sign_in.user.name.clone();
        let other = Arc::new(User { name, ..User::clone(&pair.stranger) });
        pair.audit.targets = vec![user_target(&other)];
        pair.audit.initiator = Initiator::User(other, String::new());
    }),
    ("by somebody else, for the user", |pair| {
        pair.audit.initiator = Initiator::User(Arc::clone(&pair.stranger), "192.0.2.10".to_owned());
    }),
    ("by a service, for the user", |pair| {
        pair.audit.initiator = Initiator::App("Device Registration Service", String::new());
    }),
    ("by the user, for somebody else", |pair| pair.audit.targets = vec![user_target(&pair.stranger)]),
    ("no match: the user is only a group's name", |pair| {
        pair.audit.initiator = Initiator::App("Device Registration Service", String::new());
        for target in &mut pair.audit.targets {
            target.kind = "Group";
        }
    }),
    ("the audit log has the name only", |pair| {
        let user = User { id: String::new(), ..User::clone(&pair.sign_in.user) };
        pair.audit.initiator = Initiator::User(Arc::new(user), String::new());
        pair.audit.targets.clear();
    }),
    ("the audit log has zeros for the id", |pair| {
        let user = User { id: ZERO.to_owned(), ..User::clone(&pair.sign_in.user) };
        pair.audit.initiator = Initiator::User(Arc::new(user), String::new());
        pair.audit.targets.clear();
    }),
    ("id and name in mixed case", |pair| {
        let user = User::clone(&pair.sign_in.user);
        let user = User { id: mixed_case(&user.id), name: mixed_case(&user.name), ..user };
        pair.audit.initiator = Initiator::User(Arc::new(user), String::new());
        pair.audit.targets.clear();
    }),
    ("no match: no device code", |pair| pair.sign_in.protocol = "none"),
    ("no match: the code was not confirmed", |pair| pair.sign_in.code = 50199),
    ("only the transfer method says so", |pair| {
        (pair.sign_in.protocol, pair.sign_in.transfer) = ("none", "deviceCodeFlow");
    }),
    ("no session id", |pair| pair.sign_in.session.clear()),
    ("no session id, one correlation: the first counts", |pair| {
        pair.sign_in.session.clear();
        pair.more = vec![later(&pair.sign_in, 10 * MINUTE)];
    }),
    ("no session id, one correlation, two device codes: the first counts", |pair| {
        pair.sign_in.session.clear();
        pair.more = vec![later(&pair.sign_in, -MINUTE)];
    }),
    ("no session id, two device codes", |pair| {
        pair.sign_in.session.clear();
        let mut other = later(&pair.sign_in, -MINUTE);
        other.correlation = other.id;
        pair.more = vec![other];
    }),
    ("no session id, a later token by itself does not count", |pair| {
        pair.sign_in.session.clear();
        let mut other = later(&pair.sign_in, 10 * MINUTE);
        other.correlation = other.id;
        pair.more = vec![other];
    }),
    ("no session id, the first later token counts", |pair| {
        pair.sign_in.session.clear();
        (pair.sign_in.protocol, pair.sign_in.transfer) = ("none", "deviceCodeFlow");
        pair.sign_in.incoming = "refreshToken";
        let mut other = later(&pair.sign_in, 10 * MINUTE);
        other.correlation = other.id;
        pair.more = vec![other];
    }),
    ("session id of zeros", |pair| ZERO.clone_into(&mut pair.sign_in.session)),
    ("no match: within 48 hours of a refresh, not of the sign-in", |pair| {
        pair.more = vec![later(&pair.sign_in, 3 * HOUR)];
        pair.audit.time = pair.sign_in.time + 49 * HOUR;
    }),
    ("refreshes between sign-in and registration", |pair| {
        pair.more = vec![later(&pair.sign_in, 10 * MINUTE), later(&pair.sign_in, 20 * MINUTE)];
    }),
    ("two sessions by device code, one registration", |pair| {
        let mut other = later(&pair.sign_in, 5 * MINUTE);
        other.session = pair.session.id.chars().rev().collect();
        pair.more = vec![other];
    }),
    ("two sign-ins at one time, interactive first", |pair| {
        let mut other = later(&pair.sign_in, 0);
        other.stream = Stream::NonInteractive;
        pair.more = vec![other];
    }),
    ("an interrupt, then the sign-in", |pair| {
        let mut confirm = later(&pair.sign_in, -20 * SECOND);
        confirm.code = 50199;
        pair.more = vec![confirm];
    }),
];

/// The same again, later, with an id of its own.
fn later(sign_in: &SignIn, by: i64) -> SignIn {
    let mut later = sign_in.clone();
    later.id = super::super::random::Random::new((sign_in.id.to_u128() >> 64) as u64 ^ by as u64).request_id();
    later.time += by;
    if by > 0 {
        (later.protocol, later.transfer) = ("none", "deviceCodeFlow");
        (later.stream, later.incoming) = (Stream::NonInteractive, "refreshToken");
    }
    later
}

pub(super) fn add(bench: &mut Bench<'_>) {
    for (reason, change) in BROKER {
        let mut sign_in = pair(bench).sign_in;
        change(&mut sign_in);
        bench.sign_in(&format!("device-code-broker, {reason}"), "sign-in", sign_in);
    }
    for (reason, change) in REGISTERED {
        let mut pair = pair(bench);
        change(&mut pair);
        put(bench, &format!("device-code-then-credential, {reason}"), pair);
    }
    let registers = REGISTRATIONS.map(|operation| (operation, ""));
    let not = NO_REGISTRATIONS.map(|operation| (operation, "no match: "));
    for (operation, outcome) in registers.into_iter().chain(not) {
        let mut pair = pair(bench);
        pair.audit.operation = operation;
        put(bench, &format!("device-code-then-credential, {outcome}{operation}"), pair);
    }
}

fn pair(bench: &mut Bench<'_>) -> Pair {
    let user = bench.user();
    let stranger = bench.user();
    let minute = bench.minute();
    let session = bench.session(&user, minute);
    let hands = bench.hands();
    let random = &mut bench.random;
    let office = (apps::OFFICE, apps::GRAPH, "openid profile User.Read");
    let mut sign_in = session.interactive(random, minute, office, &hands);
    sign_in.protocol = "deviceCode";
    let by = Initiator::User(Arc::clone(&user), hands.place.address.clone());
    let audit = audit(random, minute + HOUR, "User registered security info", by, vec![user_target(&user)]);
    Pair { sign_in, more: Vec::new(), audit, session, stranger }
}

fn put(bench: &mut Bench<'_>, reason: &str, pair: Pair) {
    bench.sign_in(reason, "device-code", pair.sign_in);
    for sign_in in pair.more {
        bench.sign_in(reason, "beside", sign_in);
    }
    bench.audit(reason, pair.audit);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::operations::registration;

    #[test]
    fn operations_are_those_of_the_knowledge_and_of_the_twin() {
        let twin = include_str!("../../detections/device_code_then_credential.kql").to_lowercase();
        for operation in REGISTRATIONS {
            assert!(registration(operation).is_some(), "{operation}");
            assert!(twin.contains(&format!("'{}'", operation.to_lowercase())), "{operation}");
        }
        for operation in NO_REGISTRATIONS {
            assert!(registration(operation).is_none(), "{operation}");
        }
    }
}
