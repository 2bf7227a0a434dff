//! What looks like an intruder's work and is people's own: somebody who leaves takes their files along, a new
//! machine fetches a whole library, an administrator resets passwords after an audit, developers consent to an
//! application that others have too.

use std::sync::Arc;

use super::acts::{Deed, act, deed};
use super::apps::{ONEDRIVE, SHAREPOINT};
use super::directory::{audit, principal_target, user_target};
use super::label::Label;
use super::people::{Person, Role};
use super::random::Random;
use super::record::{Initiator, SignIn};
use super::time::{DAY, HOUR, MINUTE, SECOND, on_a_working_day};
use super::{Settings, Tenant};

const OWN: Deed = deed(
    "OneDrive",
    "FileDownloaded",
    "https://contoso-my.sharepoint.com/personal/{drive}/Documents/{folder}/{topic} {n}.{type}",
);
const LIBRARY: Deed = deed(
    "SharePoint",
    "FileSyncDownloadedFull",
    "https://contoso.sharepoint.com/sites/{site}/Shared Documents/{folder}/{topic} {n}.{type}",
);

/// Whose token is used is told by the client: the browser, or the sync client.
type Haul = (&'static str, bool, i64, i64, Deed);

/// Name, whether the sync client does it, how many files, seconds apart at most, and what.
const HAULS: [Haul; 2] = [
    ("insider: a leaver takes own files along", false, 80, 25, OWN),
    ("insider: a new machine fetches a library", true, 140, 4, LIBRARY),
];

/// People to whom nothing else happens.
fn harmless<'a>(people: &'a [Person], tenant: &Tenant) -> impl Iterator<Item = &'a Person> + use<'a> {
    let victims: Vec<String> = tenant.incidents.iter().map(|incident| incident.user.clone()).collect();
    people.iter().rev().filter(move |person| !victims.contains(&person.user.name))
}

/// Adds what is done with files, to the sessions as they are in the end.
pub(super) fn haul(people: &[Person], random: &Random, tenant: &mut Tenant) {
    let mut random = random.child("hauls", 0);
    let mut office: Vec<&Person> = harmless(people, tenant).filter(|person| person.role == Role::Office).collect();
    for (name, syncs, files, apart, deed) in HAULS {
        let token = |person: &&Person| {
            let fits = |row: &&SignIn| {
                row.user.id == person.user.id && row.resource == SHAREPOINT && (row.app == ONEDRIVE) == syncs
            };
            tenant.sign_ins.iter().rev().filter(|row| row.code == 0).find(fits).cloned()
        };
        let Some(token) = office.iter().find_map(token) else { continue };
        office.retain(|person| person.user.id != token.user.id);
        let mut time = token.time + 3 * MINUTE;
        for _ in 0..files {
            time += random.between(1, apart) * SECOND;
            let done = act(&mut random, &token, time, &deed);
            tenant.labels.push(Label::new(name, "file", done.id));
            tenant.acts.push(done);
        }
    }
}

/// Adds what is done in the directory.
pub(super) fn administer(people: &[Person], settings: &Settings, random: &Random, tenant: &mut Tenant) {
    let mut random = random.child("insiders", 0);
    let day = settings.start + i64::from(settings.days / 3) * DAY + 9 * HOUR;
    let day = on_a_working_day(day);
    if let Some(administrator) = harmless(people, tenant).find(|person| person.is_administrator()) {
        let address = administrator.site().egress(&mut random).address;
        let office: Vec<&Person> =
            harmless(people, tenant).filter(|person| person.role == Role::Office).take(5).collect();
        for (person, number) in office.into_iter().zip(0..) {
            let by = Initiator::User(Arc::clone(&administrator.user), address.clone());
            let time = day + number * 4 * MINUTE + random.between(0, 90) * SECOND;
            let reset = audit(&mut random, time, "Reset user password", by, vec![user_target(&person.user)]);
            tenant.audits.push(reset);
        }
    }
    let principal = random.guid().to_string();
    for (person, number) in people.iter().filter(|person| person.role == Role::Developer).take(3).zip(0..) {
        let by = Initiator::User(Arc::clone(&person.user), person.site().egress(&mut random).address);
        let mut target = principal_target(&principal, "Diagram Studio");
        target.changes = vec![
            ("ConsentContext.IsAdminConsent", String::new(), "False".to_owned()),
            (
                "ConsentAction.Permissions",
                String::new(),
                format!(
                    "[] => [[Id: , ClientId: {principal}, PrincipalId: {}, ResourceId: , ConsentType: Principal, Scope: User.Read openid profile, CreatedDateTime: , LastModifiedDateTime ]]; ",
                    person.user.id
                ),
            ),
        ];
        let time = day + number * 26 * HOUR + random.between(0, 200) * MINUTE;
        let consent = audit(&mut random, time, "Consent to application", by, vec![target]);
        tenant.audits.push(consent);
    }
}
