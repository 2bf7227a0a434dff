//! What the directory's log is full of: services that keep it in step, administrators at their trade, developers
//! who look after their applications. None of it is anybody's intrusion.

use std::sync::Arc;

use super::directory::{audit, principal_target, user_target};
use super::people::{Person, Role};
use super::random::Random;
use super::record::{Audit, Initiator, Target};
use super::time::{DAY, HOUR, MINUTE, SECOND, on_a_working_day};
use super::{Settings, Tenant};

/// Records of services: for each so many people there is one a day.
const SERVED: [(&str, &str, &str, usize); 3] = [
    ("Microsoft.Azure.SyncFabric", "Update user", "Department", 2),
    ("Device Registration Service", "Update device", "DevicePhysicalIds", 4),
    ("Microsoft Substrate Management", "Add member to group", "Group.DisplayName", 30),
];

/// Adds it to the log.
pub(super) fn keep(people: &[Person], settings: &Settings, random: &Random, tenant: &mut Tenant) {
    let mut random = random.child("routine", 0);
    for day in 0..i64::from(settings.days) {
        serve(people, settings.start + day * DAY, &mut random, &mut tenant.audits);
    }
    let weeks = i64::from(settings.days).div_euclid(7).max(1);
    if let Some(administrator) = people.iter().find(|person| person.is_administrator()) {
        for day in 0..i64::from(settings.days) {
            activate(administrator, settings.start + day * DAY, &mut random, &mut tenant.audits);
        }
        for week in 0..weeks {
            administer(people, administrator, settings.start + week * 7 * DAY, &mut random, &mut tenant.audits);
        }
    }
    for developer in people.iter().filter(|person| person.role == Role::Developer).take(2) {
        develop(developer, settings.start + 3 * DAY, &mut random, &mut tenant.audits);
    }
}

fn serve(people: &[Person], midnight: i64, random: &mut Random, audits: &mut Vec<Audit>) {
    for (service, operation, property, served) in SERVED {
        for person in people.iter().skip(random.below(served as u64) as usize).step_by(served) {
            let mut target = match (operation, &person.laptop.device) {
                ("Update device", Some(device)) => super::directory::device_target(device),
                ("Update device", None) => continue,
                _ => user_target(&person.user),
            };
            target.changes = vec![(property, "[\"a\"]".to_owned(), "[\"b\"]".to_owned())];
            let time = midnight + random.between(0, 1_440) * MINUTE + random.between(0, 59) * SECOND;
            let by = Initiator::App(service, random.guid().to_string());
            audits.push(audit(random, time, operation, by, vec![target]));
        }
    }
}

/// Where somebody sits in the office at this hour, and who they are to the log.
fn at_work(person: &Person, random: &mut Random) -> Initiator {
    Initiator::User(Arc::clone(&person.user), person.site().egress(random).address)
}

/// The administrator takes a role on for the day.
fn activate(administrator: &Person, midnight: i64, random: &mut Random, audits: &mut Vec<Audit>) {
    let time = midnight + 8 * HOUR + random.between(0, 50) * MINUTE;
    if on_a_working_day(time) != time {
        return;
    }
    let role = Target {
        kind: "Role",
        id: "fe930be7-5e62-47db-91af-98c3a49a38b1".to_owned(),
        name: "User Administrator".to_owned(),
        user: String::new(),
        changes: Vec::new(),
    };
    let by = at_work(administrator, random);
    let operation = "Add member to role completed (PIM activation)";
    audits.push(audit(random, time, operation, by, vec![role, user_target(&administrator.user)]));
}

/// A week of an administrator: a lost phone is replaced, a partner invited, a policy tried out.
fn administer(people: &[Person], administrator: &Person, monday: i64, random: &mut Random, audits: &mut Vec<Audit>) {
    let office = people.iter().filter(|person| person.role == Role::Office);
    for (person, number) in office.skip(random.below(5) as usize).step_by(7).take(2).zip(1..) {
        let time = on_a_working_day(monday + number * DAY + 10 * HOUR + random.between(0, 90) * MINUTE);
        let by = at_work(administrator, random);
        audits.push(audit(random, time, "Admin deleted security info", by, vec![user_target(&person.user)]));
        let by = at_work(person, random);
        let later = time + random.between(6, 40) * MINUTE;
        let mut added = audit(random, later, "User registered security info", by, vec![user_target(&person.user)]);
        added.reason = "User registered Authenticator App with Notification and Code";
        audits.push(added);
    }
    let time = on_a_working_day(monday + 2 * DAY + 14 * HOUR + random.between(0, 90) * MINUTE);
    let guest = Target {
        kind: "User",
        id: random.guid().to_string(),
        name: String::new(),
        user: format!("partner{}_example.com#ext#@contoso.example", random.below(900)),
        changes: Vec::new(),
    };
    let by = at_work(administrator, random);
    audits.push(audit(random, time, "Invite external user", by, vec![guest]));
    let policy = Target {
        kind: "Policy",
        id: random.guid().to_string(),
        name: "Try out: phones".to_owned(),
        user: String::new(),
        changes: vec![(
            "ConditionalAccessPolicy",
            String::new(),
            r#"{"displayName":"Try out: phones","state":"enabledForReportingButNotEnforced"}"#.to_owned(),
        )],
    };
    let by = at_work(administrator, random);
    audits.push(audit(random, time + 20 * MINUTE, "Add conditional access policy", by, vec![policy]));
}

/// A developer renews the key of one application and sets up another.
fn develop(developer: &Person, day: i64, random: &mut Random, audits: &mut Vec<Audit>) {
    let key = |random: &mut Random| {
        format!("[KeyIdentifier={},KeyType=Password,KeyUsage=Verify,DisplayName=key]", random.guid())
    };
    let (old, new, first) = (key(random), key(random), key(random));
    let (known, fresh) = (random.guid().to_string(), random.guid().to_string());
    let name = format!("tool-{}", developer.number);
    let time = on_a_working_day(day + 11 * HOUR + random.between(0, 200) * MINUTE);
    let keys = "Update application \u{2013} Certificates and secrets management ";
    for (later, operation, id, app, changes) in [
        (0, keys, &known, "build-agent", vec![("KeyDescription", format!("[\"{old}\"]"), format!("[\"{new}\"]"))]),
        (40, "Add service principal", &fresh, name.as_str(), Vec::new()),
        (52, keys, &fresh, name.as_str(), vec![("KeyDescription", "[]".to_owned(), format!("[\"{first}\"]"))]),
    ] {
        let mut target = principal_target(id, app);
        target.changes = changes;
        let by = at_work(developer, random);
        audits.push(audit(random, time + later * MINUTE, operation, by, vec![target]));
    }
}
