//! What the directory's audit log holds: registrations, resets, memberships, and what services do.

use std::sync::Arc;

use super::apps;
use super::people::{Person, Role};
use super::random::Random;
use super::record::{Audit, Device, Initiator, SignIn, Target, User};
use super::rhythm::Day;
use super::session::{Hands, Session};
use super::time::{DAY, MINUTE, SECOND, on_a_working_day};
use super::{Settings, Tenant, TenantIds};

/// A registration or change, to be finished by the caller where it matters.
pub(super) fn audit(
    random: &mut Random,
    time: i64,
    operation: &'static str,
    initiator: Initiator,
    targets: Vec<Target>,
) -> Audit {
    let correlation = random.guid();
    let (service, category, kind) = match operation {
        "Register device" => ("Device Registration Service", "Device", "Add"),
        "Add device" | "Add registered owner to device" | "Add registered users to device" | "Update device" => {
            ("Core Directory", "Device", if operation == "Update device" { "Update" } else { "Add" })
        }
        "Add Windows Hello for Business credential"
        | "Add FIDO2 security key"
        | "Add Passkey (device-bound)"
        | "Add passwordless phone sign-in credential"
        | "Add platform credential" => ("Device Registration Service", "UserManagement", "Add"),
        "Add member to group" => ("Core Directory", "GroupManagement", "Assign"),
        "Update user" | "Reset user password" | "Change user password" => {
            ("Core Directory", "UserManagement", "Update")
        }
        "Consent to application"
        | "Add delegated permission grant"
        | "Add app role assignment to service principal" => ("Core Directory", "ApplicationManagement", "Assign"),
        "Add user" => ("Core Directory", "UserManagement", "Add"),
        "Add service principal" => ("Core Directory", "ApplicationManagement", "Add"),
        "Add member to role" => ("Core Directory", "RoleManagement", "Assign"),
        "Update conditional access policy" => ("Conditional Access", "Policy", "Update"),
        "Add conditional access policy" => ("Conditional Access", "Policy", "Add"),
        "Invite external user" => ("Invited Users", "UserManagement", "Add"),
        "Add member to role completed (PIM activation)" => ("PIM", "RoleManagement", "Assign"),
        name if name.starts_with("Update application") || name == "Add service principal credentials" => {
            ("Core Directory", "ApplicationManagement", "Update")
        }
        _ => ("Authentication Methods", "UserManagement", "Update"),
    };
    let prefix = match service {
        "Core Directory" | "Conditional Access" => "Directory",
        "Device Registration Service" => "DeviceRegistrationService",
        _ => "AuthMethods",
    };
    // Three digits of a second: what every format keeps.
    let time = time.div_euclid(1_000) * 1_000;
    Audit {
        time,
        id: format!("{prefix}_{correlation}_{:05}", random.below(100_000)),
        correlation,
        operation,
        category,
        service,
        kind,
        result: "success",
        reason: "",
        initiator,
        targets,
        details: Vec::new(),
    }
}

/// A user as the target of an audit event.
pub(super) fn user_target(user: &User) -> Target {
    Target { kind: "User", id: user.id.clone(), name: String::new(), user: user.name.clone(), changes: Vec::new() }
}

/// A service principal as the target of an audit event.
pub(super) fn principal_target(id: &str, name: &str) -> Target {
    Target {
        kind: "ServicePrincipal",
        id: id.to_owned(),
        name: name.to_owned(),
        user: String::new(),
        changes: Vec::new(),
    }
}

/// A device as the target of an audit event.
pub(super) fn device_target(device: &Device) -> Target {
    Target {
        kind: "Device",
        id: device.id.clone(),
        name: device.name.clone(),
        user: String::new(),
        changes: Vec::new(),
    }
}

/// A device registers: four events within seconds and with one correlation id, of which the first
/// carries what is known of the device.
pub(super) fn register_device(
    random: &mut Random,
    time: i64,
    user: &Arc<User>,
    address: &str,
    device: &Device,
    agent: &str,
) -> Vec<Audit> {
    let who = || Initiator::User(Arc::clone(user), address.to_owned());
    let service = || Initiator::App("Device Registration Service", String::new());
    let joined = device.trust.contains("joined");
    let mut register = audit(random, time, "Register device", who(), vec![device_target(device)]);
    register.details = vec![
        ("Device Id", device.id.clone()),
        ("Device OS", system(device).to_owned()),
        ("Device Trust Type", if joined { "Azure AD join" } else { "Azure AD register" }.to_owned()),
        ("Device Profile", "RegisteredDevice".to_owned()),
        ("User-Agent", agent.to_owned()),
    ];
    let mut events = vec![register];
    for (later, operation) in
        [(1, "Add device"), (1, "Add registered users to device"), (2, "Add registered owner to device")]
    {
        let targets = vec![device_target(device), user_target(user)];
        let then = time + later * SECOND + random.between(0, 900) * 1_000;
        let mut event = audit(random, then, operation, service(), targets);
        if operation == "Add device" {
            // The directory adds the object; its owner is named by the events that follow.
            event.targets.truncate(1);
        }
        event.correlation = events.first().map_or(event.correlation, |first| first.correlation);
        events.push(event);
    }
    events
}

/// The operating system, which the names of our devices tell.
fn system(device: &Device) -> &'static str {
    match device.name.split('-').next() {
        Some("iPhone") => "iOS",
        Some("Pixel" | "ROOM") => "Android",
        Some("MAC") => "MacOS",
        _ => "Windows",
    }
}

/// The benign part of the log.
pub(super) fn keep(people: &[Person], settings: &Settings, ids: &TenantIds, random: &Random, tenant: &mut Tenant) {
    let (sign_ins, audits) = (&mut tenant.sign_ins, &mut tenant.audits);
    let administrator = people.iter().find(|person| person.is_administrator());
    for person in people {
        let mut random = random.child("directory", u64::from(person.number));
        let number = random.below(u64::from(settings.days.max(1))) as u32;
        let day = Day::plan(person, settings.start, number, &mut random);
        match person.role {
            Role::Room => set_up_room(person, settings, ids, &mut random, sign_ins, audits),
            Role::Guest => {}
            Role::Office | Role::Administrator | Role::Developer => {
                if let Some((begins, _)) = day.work {
                    person_changes(person, administrator, &day, begins, &mut random, audits);
                }
            }
        }
    }
    for day in 0..settings.days {
        let mut random = random.child("service", u64::from(day));
        let time = settings.start + i64::from(day) * DAY + random.between(60, 1_300) * MINUTE;
        let Some(person) = people.get(random.below(people.len() as u64) as usize) else { continue };
        let initiator = Initiator::App("Azure MFA StrongAuthenticationService", random.guid().to_string());
        let mut target = user_target(&person.user);
        let seen = |last: i64| {
            format!("[{{\"DeviceName\":\"iPhone\",\"LastAuthenticatedTimestamp\":\"{}\"}}]", super::time::digits(last))
        };
        target.changes = vec![("StrongAuthenticationPhoneAppDetail", seen(time - DAY), seen(time))];
        audits.push(audit(&mut random, time, "Update user", initiator, vec![target]));
    }
}

fn person_changes(
    person: &Person,
    administrator: Option<&Person>,
    day: &Day,
    begins: i64,
    random: &mut Random,
    audits: &mut Vec<Audit>,
) {
    let place = day.laptop_place(person, random);
    let time = begins + random.between(20, 400) * MINUTE;
    match random.below(12) {
        // A new phone: the person registers it from where they work.
        0 | 1 => {
            let initiator = Initiator::User(Arc::clone(&person.user), place.address);
            let mut event =
                audit(random, time, "User registered security info", initiator, vec![user_target(&person.user)]);
            event.reason = "User registered Authenticator App with Notification and Code";
            audits.push(event);
        }
        2 => {
            if let Some(phone) = person.phone.as_ref().and_then(|phone| phone.device.clone()) {
                let agent = "Dalvik/2.1.0 (Linux; U; Android 15; Pixel 8 Build/AP4A)";
                audits.extend(register_device(random, time, &person.user, &place.address, &phone, agent));
            }
        }
        3 => {
            if let Some(administrator) = administrator.filter(|other| other.number != person.number) {
                let by = Initiator::User(Arc::clone(&administrator.user), administrator.site().egress(random).address);
                let operation = random.pick(&["Reset user password", "Add member to group"]);
                audits.push(audit(random, time, operation, by, vec![user_target(&person.user)]));
            }
        }
        _ => {}
    }
}

/// A technician signs a room's display in by device code, on site; it registers and stays signed in.
fn set_up_room(
    person: &Person,
    settings: &Settings,
    ids: &TenantIds,
    random: &mut Random,
    sign_ins: &mut Vec<SignIn>,
    audits: &mut Vec<Audit>,
) {
    let number = random.below(u64::from((settings.days / 2).max(1))) as u32;
    let time = settings.start + i64::from(number) * DAY + random.between(8 * 60, 15 * 60) * MINUTE;
    let time = on_a_working_day(time);
    let place = person.site().egress(random);
    let mut session = Session::new(random, &ids.tenant, person, time);
    session.transfer = "deviceCodeFlow";
    let registered = Hands::native(&person.laptop, place.clone());
    let bare = Hands { device: None, ..registered.clone() };
    let using = (apps::TEAMS_ROOM, apps::DEVICE_REGISTRATION, "openid profile");
    let mut code = session.interactive(random, time, using, &bare);
    code.protocol = "deviceCode";
    let mut confirm = session.interactive(random, time - 12 * SECOND, using, &bare).continuing(&code).with_code(50199);
    confirm.protocol = "deviceCode";
    sign_ins.extend([confirm, code]);
    if let Some(device) = &person.laptop.device {
        audits.extend(register_device(
            random,
            time + 3 * MINUTE,
            &person.user,
            &place.address,
            device,
            "Dalvik/2.1.0 (Linux; U; Android 12; Room Display Build/SKQ1)",
        ));
    }
    let mut refresh = time + 30 * MINUTE;
    let end = settings.start + i64::from(settings.days) * DAY;
    while refresh < end {
        let using = random.pick(&[
            (apps::TEAMS_ROOM, apps::TEAMS_SERVICE, "user_impersonation"),
            (apps::TEAMS_ROOM, apps::GRAPH, "Calendars.Read openid profile"),
        ]);
        sign_ins.push(session.refresh(random, refresh, using, &registered, "refreshToken"));
        let hours = if settings.pace < 6 { 40 } else { 6 };
        refresh += hours * 60 * MINUTE + random.between(-50, 50) * MINUTE;
    }
}
