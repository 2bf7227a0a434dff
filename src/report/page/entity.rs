//! A user, an address, a device or an application: who it is, and which flagged sessions it is part of.

use crate::order::{Map, Set};

use serde::Serialize;

use crate::analysis::{Bucket, Case, Merged};
use crate::detections::travel::Spot;
use crate::events::Guid;
use crate::events::processing::Processing;
use crate::knowledge::{apps, foci, public_clients, roles};
use crate::order::{Arrange, Gather};
use crate::report::visible;
use crate::sessions::{EventRef, Side};
use crate::tenant::PersonKind;

use super::column::{Column, Named, Record, who};
use super::dense::Index;
use super::describe;
use super::hand::{network, network_name, rented};
use super::rows::{Indexed, Row, RowKind};
use super::tally::{self, Filter, Match, Picked, Tallied, Tally, TallyOrder, filters, tally};
use super::words::{capital, count, figure, list, plural};

/// Acts shown at most, the last ones.
const ACTS: usize = 100;
/// Places shown at most.
const PLACES: usize = 60;
/// Flagged sessions shown at most.
const SESSIONS: usize = 200;

/// A user, an address, a device, an application.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EntityView {
    /// What it is.
    pub column: Column,
    /// Itself.
    pub named: Named,
    /// The verdict on it, in a sentence.
    pub headline: String,
    /// What is usual of it, in sentences.
    pub lead: String,
    /// Its sign-ins.
    pub sums: Tallied,
    /// What is known of it, in pairs of name and value.
    pub facts: Vec<(String, String)>,
    /// Of a user: from where the sign-ins came that succeeded, those in other hands apart.
    pub places: Vec<EntityPlace>,
    /// Flagged sessions that it is part of, as the table of sessions orders them.
    pub sessions: Vec<Row>,
    /// How many there are.
    pub sessions_total: usize,
    /// Acts in and outside the directory, the last first.
    pub acts: Vec<Act>,
    /// How many there are.
    pub acts_total: usize,
}

/// A place that a user's sign-ins came from.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EntityPlace {
    /// City, else country.
    pub label: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Kilometres by which that may be wrong.
    pub margin: f64,
    /// Sign-ins.
    pub records: usize,
    /// Whether they were in other hands.
    pub other: bool,
}

/// An act in or outside the directory.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Act {
    /// When, milliseconds UTC.
    pub time: i64,
    /// Who did it.
    pub user: Named,
    /// What.
    pub text: String,
    /// Whether it was refused or failed.
    pub refused: bool,
}

/// A way to an entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EntityLink {
    /// What it is.
    pub column: Column,
    /// Itself.
    pub named: Named,
}

/// Values of one kind that a session links to, at most.
const LINKS: usize = 8;

/// Addresses, devices and applications of these sign-ins, in order of their first one.
pub(super) fn links(case: &Case, person: u32, sign_ins: &[u32]) -> Vec<EntityLink> {
    let mut links: Vec<EntityLink> = Vec::new();
    for column in [Column::Address, Column::Device, Column::App] {
        let mut own: Vec<EntityLink> = Vec::new();
        for row in sign_ins.iter().filter_map(|&number| case.store.sign_in(number)) {
            let named = super::column::first(case, column, Record::SignIn(row, person)).unwrap_or_default();
            let link = EntityLink { column, named };
            if link.named.value.as_ref().is_some_and(|value| !value.is_empty()) && !own.contains(&link) {
                own.push(link);
            }
            if own.len() >= LINKS {
                break;
            }
        }
        links.append(&mut own);
    }
    links
}

/// Makes the view; nothing where no record has this value.
pub(super) fn view(
    case: &Case,
    merged: &Merged,
    (rows, index): (&[Indexed], &Index),
    column: Column,
    value: Option<String>,
) -> Option<EntityView> {
    let only = vec![Match { column, value: value.clone(), not: false }];
    let count_by = |by: Column| Tally { by: vec![by], only: only.clone(), limit: 10, ..Tally::default() };
    let sums = tally(case, index, &count_by(column));
    let own = |named: &Named| named.value == value;
    let named = sums.rows.iter().flat_map(|row| &row.values).find(|named| own(named)).cloned();
    let acts = acts(case, column, &only, value.as_deref());
    let named = match named {
        Some(named) => named,
        None if acts.is_empty() => return None,
        None => Named { label: value.clone().unwrap_or_default(), value, more: String::new() },
    };
    let mut touch = filters(case, &only);
    let touched: Vec<(&Indexed, bool)> = rows
        .iter()
        .filter_map(|indexed| part(case, merged, indexed, &mut touch).map(|other| (indexed, other)))
        .collect();
    let (headline, lead) = match column {
        Column::User => user(case, index, &named, &touched, &count_by),
        Column::Address => address(&named, &sums, &touched),
        _ => used(&named, &sums, &touched),
    };
    Some(EntityView {
        headline,
        lead,
        places: if column == Column::User {
            places(case, merged, index, named.value.as_deref(), &touched)
        } else {
            Vec::new()
        },
        facts: facts(case, index, column, &only, &named),
        sessions: touched.iter().take(SESSIONS).map(|(indexed, _)| indexed.row.clone()).collect(),
        sessions_total: touched.len(),
        acts_total: acts.len(),
        acts: acts.into_iter().take(ACTS).collect(),
        column,
        named,
        sums,
    })
}

/// Whether a row has to do with it, and whether it was on the other side there.
fn part(case: &Case, merged: &Merged, indexed: &Indexed, touch: &mut [Filter<'_>]) -> Option<bool> {
    let mut takes = |number: &u32, bucket: usize| {
        let person = case.bucket(bucket).map_or(u32::MAX, |bucket| bucket.person);
        let row = case.store.sign_in(*number);
        row.is_some_and(|row| touch.iter_mut().all(|filter| filter.takes(Record::SignIn(row, person))))
    };
    if indexed.row.kind == RowKind::Finding {
        let flagged = merged.findings.get(indexed.place)?;
        let mut sign_ins = flagged.finding.evidence.iter().filter_map(|item| match item.event {
            EventRef::SignIn(number) => Some(number),
            _ => None,
        });
        return sign_ins.any(|number| takes(&number, flagged.bucket)).then_some(false);
    }
    let flagged = merged.sessions.get(indexed.place)?;
    let strange = flagged.holders.iter().filter(|holding| matches!(holding.side, Side::Other | Side::Later));
    if strange.flat_map(|holding| &holding.sign_ins).any(|number| takes(number, flagged.bucket)) {
        return Some(true);
    }
    flagged.session.sign_ins.iter().any(|number| takes(number, flagged.bucket)).then_some(false)
}

fn stolen(touched: &[(&Indexed, bool)]) -> usize {
    touched.iter().filter(|(indexed, _)| indexed.row.above).count()
}

fn user(
    case: &Case,
    index: &Index,
    named: &Named,
    touched: &[(&Indexed, bool)],
    count_by: &dyn Fn(Column) -> Tally,
) -> (String, String) {
    let own = |bucket: &&Bucket| who(case, bucket.person).first().is_some_and(|one| one.value == named.value);
    let sessions: usize = case.buckets.iter().filter(own).map(|bucket| case.view(bucket).sessions.len()).sum();
    let stolen =
        touched.iter().filter(|(indexed, _)| indexed.row.above && indexed.row.kind != RowKind::Finding).count();
    let of = format!("{} session{}", figure(sessions as u64), plural(sessions as u64));
    let headline = match stolen {
        0 => format!("None of {of} of {} is above the line.", named.label),
        1 => format!("One of {of} of {} was very likely stolen.", named.label),
        many => format!("{} of {of} of {} were very likely stolen.", capital(&count(many)), named.label),
    };
    let usual = |by: Column| {
        let mut asked = count_by(by);
        asked.only.push(Match { column: Column::Ended, value: Some("success".to_owned()), not: false });
        // What another did in the user's name is not usual.
        let others = touched
            .iter()
            .filter(|(indexed, _)| indexed.row.above)
            .filter_map(|(indexed, _)| indexed.row.session.as_deref());
        asked.only.extend(others.map(|id| Match { column: Column::Session, value: Some(visible(id)), not: true }));
        let counted = tally(case, index, &asked);
        let often = counted.rows.iter().filter(|row| row.records * 10 >= counted.records);
        let labels = often.flat_map(|row| &row.values).filter(|named| !named.label.is_empty());
        labels.take(2).map(|named| named.label.clone()).collect::<Vec<_>>()
    };
    let mut parts: Vec<String> =
        [Column::City, Column::Agent, Column::App].into_iter().map(|by| list(&usual(by))).collect();
    let hours = tally(case, index, &Tally { order: TallyOrder::Value, limit: 24, ..count_by(Column::Hour) });
    let busy = hours.rows.iter().filter(|row| row.records * 50 >= hours.records);
    let busy: Vec<&str> = busy.flat_map(|row| &row.values).map(|named| named.label.as_str()).collect();
    if let (Some(first), Some(last)) = (busy.first(), busy.last()) {
        parts.push(format!("hours from {first} to {}:59", last.trim_end_matches(":00")));
    }
    parts.retain(|part| !part.is_empty());
    (headline, if parts.is_empty() { String::new() } else { format!("Usual are {}.", parts.join("; ")) })
}

/// From where, and in whose hands; the most frequent first.
fn places(
    case: &Case,
    merged: &Merged,
    index: &Index,
    value: Option<&str>,
    touched: &[(&Indexed, bool)],
) -> Vec<EntityPlace> {
    let mut strange: Set<u32> = Set::new();
    let flagged = touched.iter().filter(|(indexed, _)| indexed.row.kind != RowKind::Finding);
    for session in flagged.filter_map(|(indexed, _)| merged.sessions.get(indexed.place)) {
        let others = session.holders.iter().filter(|holding| matches!(holding.side, Side::Other | Side::Later));
        strange.extend(others.flat_map(|holding| holding.sign_ins.iter().copied()));
    }
    let own = index.of_user(case, value).into_iter().flatten().filter_map(|place| index.order.get(place));
    let mut counts: Map<(u32, bool), usize> = Map::new();
    for number in own {
        let row = case.store.sign_in(*number).filter(|row| describe::succeeded(case, row));
        if let Some(row) = row {
            *counts.entry((row.location, strange.contains(number))).or_default() += 1;
        }
    }
    let mut places: Vec<EntityPlace> = Vec::new();
    for ((location, other), records) in counts {
        let Some(spot) = Spot::at(&case.store, location) else { continue };
        let (city, country) = super::hand::place_of(case, location);
        let label = if city.is_empty() { country } else { city };
        match places.iter_mut().find(|known| known.label == label && known.other == other) {
            Some(known) => known.records += records,
            None => places.push(EntityPlace {
                label,
                latitude: spot.latitude,
                longitude: spot.longitude,
                margin: spot.margin,
                records,
                other,
            }),
        }
    }
    places.arrange_by_key(|place| std::cmp::Reverse(place.records));
    places.truncate(PLACES);
    places
}

fn users(touched: &[&Indexed]) -> usize {
    touched.iter().map(|indexed| indexed.row.user.as_str()).gather::<Set<_>>().len()
}

fn address(named: &Named, sums: &Tallied, touched: &[(&Indexed, bool)]) -> (String, String) {
    let taken: Vec<&Indexed> =
        touched.iter().filter(|(indexed, other)| *other && indexed.row.above).map(|(indexed, _)| *indexed).collect();
    let headline = if taken.is_empty() {
        format!("No session above the line was in other hands at {}.", named.label)
    } else {
        let (sessions, people) = (taken.len(), users(&taken));
        let of = format!("{} session{} of {}", count(sessions), plural(sessions as u64), count(people));
        format!("{} held {of} user{}.", named.label, plural(people as u64))
    };
    (headline, came(sums, "from"))
}

fn used(named: &Named, sums: &Tallied, touched: &[(&Indexed, bool)]) -> (String, String) {
    let above = stolen(touched);
    let part = match above {
        0 => "none of its sessions is above the line".to_owned(),
        one => format!("{} of its sessions {} above the line", count(one), if one == 1 { "is" } else { "are" }),
    };
    (format!("{}: {part}.", named.label), came(sums, "with"))
}

/// How many used it, of how many.
fn came(sums: &Tallied, how: &str) -> String {
    let mut text = format!(
        "{} of {} users signed in {how} it, {} time{}",
        figure(sums.users),
        figure(sums.all_users),
        figure(sums.records),
        plural(sums.records)
    );
    if sums.refused > 0 {
        text.push_str(&format!(", {} of them refused", figure(sums.refused)));
    }
    text + "."
}

/// Acts of a user, those done to them included; of anything else those whose records name it.
fn acts(case: &Case, column: Column, only: &[Match], value: Option<&str>) -> Vec<Act> {
    let own = |bucket: &&Bucket| {
        column != Column::User || who(case, bucket.person).first().is_some_and(|named| named.value.as_deref() == value)
    };
    let record = |event: &EventRef| match event {
        EventRef::Audit(number) => case.store.audit(*number).map(|row| (row.time, Record::Audit(row))),
        EventRef::Activity(number) => case.store.activity(*number).map(|row| (row.time, Record::Activity(row))),
        EventRef::SignIn(_) | EventRef::Risk(_) => None,
    };
    let mut filters = filters(case, only);
    let mut found: Vec<(i64, EventRef)> = Vec::new();
    for event in tally::acts(case.buckets.iter().filter(own)) {
        if let Some((time, record)) = record(&event)
            && (column == Column::User || filters.iter_mut().all(|filter| filter.takes(record)))
        {
            found.push((time, event));
        }
    }
    found.arrange_by_key(|(time, event)| (std::cmp::Reverse(*time), *event));
    let act = |(time, event): &(i64, EventRef)| {
        let user = record(event).and_then(|(_, record)| super::column::first(case, Column::User, record));
        Act {
            time: super::words::millis(*time),
            user: user.unwrap_or_default(),
            text: describe::event(case, *event),
            refused: describe::refused(case, *event),
        }
    };
    found.iter().map(act).collect()
}

fn facts(case: &Case, index: &Index, column: Column, only: &[Match], named: &Named) -> Vec<(String, String)> {
    let mut facts: Vec<(String, String)> = Vec::new();
    let mut say = |name: &str, value: String| {
        if !value.is_empty() {
            facts.push((name.to_owned(), visible(&value)));
        }
    };
    let found = || {
        let picked = Picked::of(case, index, only);
        let mut taken = index.order.iter().zip(0..).filter(|(_, place)| picked.takes(*place));
        taken.next().and_then(|(number, _)| case.store.sign_in(*number)).copied()
    };
    match column {
        Column::User => {
            let person = (0..)
                .zip(0..case.people.len())
                .map(|(number, _)| number)
                .find(|&number: &u32| who(case, number).first().is_some_and(|one| one.value == named.value));
            if let Some(person) = person.and_then(|number| case.people.get(number)) {
                say("Kind", kind(person.kind).to_owned());
                say("Object id", person.id.display(&case.store.texts));
                let classes: Vec<&str> = person.classes.iter().map(crate::enrichment::UserClass::words).collect();
                say("Besides", classes.join(", "));
            }
            say("Privileged roles in tokens", list(&token_roles(case, named)));
        }
        Column::Address => {
            if let Some(row) = found() {
                let network = network(case, &row);
                say("Network", network.map(network_name).unwrap_or_default());
                say("Rented out as", network.and_then(rented).unwrap_or_default().to_owned());
                let microsoft = network.is_some_and(|network| network.is_microsoft());
                say("Whose", if microsoft { "Microsoft’s own service".to_owned() } else { String::new() });
                let is_own = network.is_some_and(|network| case.summary.is_own(&network));
                say(
                    "The organisation’s",
                    if is_own { "yes, by how many sign in from it".to_owned() } else { String::new() },
                );
                let (city, country) = super::hand::place(case, &row);
                say(
                    "Place",
                    [city, country].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", "),
                );
            }
        }
        Column::Device => {
            if let Some(row) = found() {
                let device = case.store.device(row.device);
                let texts = &case.store.texts;
                say("Device id", named.value.clone().unwrap_or_default());
                say("System", texts.get(device.system).to_owned());
                say("Trust", texts.get(device.trust).to_owned());
                say("Managed", device.managed.text().to_owned());
                say("Compliant", device.compliant.text().to_owned());
            }
        }
        Column::App | Column::Resource => {
            if let Some(id) = named.value.as_deref().and_then(Guid::parse) {
                say("Application id", id.to_string());
                say("Known as", apps::app_name(id).unwrap_or_default().to_owned());
                let yes = |is: bool, text: &str| if is { text.to_owned() } else { String::new() };
                say("Family", yes(foci::family_client(id).is_some(), "its refresh tokens work for all family clients"));
                say(
                    "Public client",
                    yes(public_clients::public_client(id).is_some(), "anybody can ask for tokens in its name"),
                );
                say("Often abused", yes(apps::is_often_abused(id), "intruders are known to consent to it"));
            }
        }
        _ => {}
    }
    facts
}

/// Names of privileged roles that the tokens of a user carried.
fn token_roles(case: &Case, named: &Named) -> Vec<String> {
    let mut processing: Set<u32> = Set::new();
    for bucket in &case.buckets {
        if who(case, bucket.person).first().is_some_and(|one| one.value == named.value) {
            let rows = bucket.sign_ins.iter().filter_map(|&number| case.store.sign_in(number));
            processing.extend(rows.map(|row| row.processing.0));
        }
    }
    let mut names: Set<&'static str> = Set::new();
    for text in processing {
        let details = Processing::read(case.store.texts.get(crate::events::TextId(text)));
        let known = details.roles().into_iter().filter_map(|id| roles::privileged_role(Guid::parse(&id)?));
        names.extend(known.map(|role| role.name));
    }
    names.into_iter().map(str::to_owned).collect()
}

const fn kind(kind: PersonKind) -> &'static str {
    match kind {
        PersonKind::Partner => "of a partner",
        PersonKind::Member => "member",
        PersonKind::Guest => "guest",
        PersonKind::ServicePrincipal => "service principal",
        PersonKind::ManagedIdentity => "managed identity",
        PersonKind::Unknown => "the records do not say",
    }
}
