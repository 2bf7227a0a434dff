//! Whom only *merge* can link: applications' identities at the addresses of abused accounts.

use crate::order::Map;

use crate::detections::{Confidence, Severity, address_of_person};
use crate::events::dictionary::TextId;
use crate::sessions::{EventRef, Familiar, Familiarity, Settings};
use crate::tenant::PersonKind;

use super::{Bucket, Case, Own, PersonFindings};

/// By how much an identity may have been at an address before the person was.
const BEFORE: i64 = 86_400_000_000;

fn is_workload(case: &Case, bucket: &Bucket) -> bool {
    let kind = case.people.get(bucket.person).map(|person| person.kind);
    matches!(kind, Some(PersonKind::ServicePrincipal | PersonKind::ManagedIdentity))
}

/// Adds to the findings of applications' identities where they share the address of an abused account.
pub(super) fn link(case: &Case, own: &Own, people: &mut [PersonFindings]) {
    let programs: Vec<usize> = people
        .iter()
        .enumerate()
        .filter(|(_, person)| case.buckets.get(person.bucket).is_some_and(|bucket| is_workload(case, bucket)))
        .map(|(place, _)| place)
        .collect();
    if programs.is_empty() {
        return;
    }
    let abused = abused(case, own, people);
    for place in programs {
        let Some(person) = people.get_mut(place) else { continue };
        let Some(bucket) = case.buckets.get(person.bucket) else { continue };
        let view = case.view(bucket);
        let mut seen: Map<TextId, u32> = Map::new();
        for (number, row) in view.sign_ins().filter(|(_, row)| !row.stream().is_user() && view.succeeded(row)) {
            if row.address.has_value() {
                seen.entry(row.address).or_insert(number);
            }
        }
        // In order of time, for numbers of texts depend on the order of files.
        let firsts: Vec<u32> = seen.into_values().collect();
        let order: Vec<u32> = view.sign_ins.iter().copied().filter(|number| firsts.contains(number)).collect();
        for number in order {
            let Some(row) = view.store.sign_in(number) else { continue };
            let Some((time, who, event)) = abused.get(&(bucket.realm, row.address)) else { continue };
            if row.time.saturating_add(BEFORE) >= *time
                && let Some(owner) = case.buckets.get(*who)
            {
                person.findings.push(address_of_person(&view, (number, row), &case.view(owner), *event));
            }
        }
    }
}

/// By realm and address: when an account was first abused from there, its bucket, and the event.
fn abused(case: &Case, own: &Own, people: &[PersonFindings]) -> Map<(u32, TextId), (i64, usize, EventRef)> {
    let mut found: Map<(u32, TextId), (i64, usize, EventRef)> = Map::new();
    for person in people {
        let strong = |severity, confidence| severity >= Severity::High && confidence >= Confidence::Medium;
        let mut findings =
            person.findings.iter().filter(|finding| strong(finding.severity, finding.confidence)).peekable();
        let Some(bucket) = case.buckets.get(person.bucket).filter(|bucket| !is_workload(case, bucket)) else {
            continue;
        };
        if findings.peek().is_none() {
            continue;
        }
        let view = case.view_under(bucket, own.of(bucket.realm));
        let familiar = Familiar::new(&view, person.distrusted.clone(), Settings::default());
        for event in findings.flat_map(|finding| &finding.evidence).map(|item| item.event) {
            let EventRef::SignIn(number) = event else { continue };
            let Some(row) = case.store.sign_in(number) else { continue };
            let outside =
                view.network(row).is_some_and(|network| network.microsoft().is_none() && !view.own.has(&network));
            // A refused attempt is nobody's presence.
            if !outside || !view.succeeded(row) || familiar.network(&view, row) == Familiarity::Familiar {
                continue;
            }
            let this = (row.time, person.bucket, event);
            let place = found.entry((bucket.realm, row.address)).or_insert(this);
            let rank = |(time, bucket, event): &(i64, usize, EventRef)| {
                let id = event.head(&case.store).map(|head| head.id.display(&case.store.texts));
                (*time, *bucket, id)
            };
            if rank(&this) < rank(place) {
                *place = this;
            }
        }
    }
    found
}
