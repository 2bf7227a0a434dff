//! Asks what came beside the exports about the addresses of the records, each once.

use crate::order::{Map, Set};
use std::net::IpAddr;

use serde_json::json;

use crate::detections::Finding;
use crate::enrichment::{Answer, Database, Entry, Lists, NetworkKind, Span};
use crate::events::tuples::{Location, NO_COORDINATE, Stated};
use crate::events::{Store, TextId, address};
use crate::order::Gather;
use crate::sessions::{EventRef, View};
use crate::tenant::Summary;

use super::gather::Live;
use super::gave::Gave;
use super::{Case, Input};

/// Addresses of a finding of which it is said who lists them.
const SAID: usize = 8;

/// What databases say of the addresses of the records: of each the answers of those that know it, with
/// the numbers of their inputs.
#[derive(Debug, Default)]
pub(super) struct Answers(Map<IpAddr, Vec<(u32, Answer)>>);

impl Answers {
    /// Says to which autonomous system addresses belong of which no sign-in says it.
    pub(super) fn learn(&self, summary: &mut Summary) {
        for (address, answers) in &self.0 {
            if let Some(system) = answers.iter().find_map(|(_, answer)| answer.system) {
                summary.learn_system(*address, system);
            }
        }
    }
}

/// Asks every database about every address, once. What they say hides behind an address joins what
/// lists say.
pub(super) fn ask(
    store: &Store,
    databases: &[(u32, Database)],
    inputs: &mut [Input],
    networks: &mut Vec<(u32, Entry)>,
) -> Answers {
    let mut answers = Answers::default();
    if databases.is_empty() {
        return answers;
    }
    for (input, database) in databases {
        if let Some(input) = inputs.get_mut(*input as usize) {
            input.gave.database = Some(database.built());
        }
    }
    let texts = addresses(store);
    let all: Set<IpAddr> = texts.iter().filter_map(|text| address::parse_address(store.texts.value(*text)?)).gather();
    for address in all {
        for (number, database) in databases {
            let Some(answer) = database.find(address).map(|record| Answer::of(&record)) else { continue };
            if answer == Answer::default() {
                continue;
            }
            if let Some(input) = inputs.get_mut(*number as usize) {
                input.gave.addresses += 1;
            }
            let kinds = NetworkKind::ALL.into_iter().filter(|kind| answer.kinds.has(*kind));
            let entry = |kind| Entry { span: Span::of(address), kind, name: Box::default() };
            networks.extend(kinds.map(|kind| (*number, entry(kind))));
            answers.0.entry(address).or_default().push((*number, answer));
        }
    }
    answers
}

/// The rows whose location was filled in, each with the number of the location that its export says.
#[derive(Debug, Default)]
pub(super) struct Filled {
    sign_ins: Vec<(u32, u32)>,
    risk_events: Vec<(u32, u32)>,
}

impl Filled {
    /// Gives the rows back the locations that their exports say.
    pub(super) fn undo(&mut self, store: &mut Store) {
        let Self { sign_ins, risk_events } = std::mem::take(self);
        for (number, location) in sign_ins {
            if let Some(row) = store.sign_ins.get_mut(number as usize) {
                row.location = location;
            }
        }
        for (number, location) in risk_events {
            if let Some(row) = store.risk_events.get_mut(number as usize) {
                row.location = location;
            }
        }
    }
}

/// Fills in where an address is, in sign-ins and risk detections whose export does not say it. What an
/// export says stands; a city or coordinates are taken only where the country is the same.
pub(super) fn fill(store: &mut Store, live: &Live, answers: &Answers, inputs: &mut [Input]) -> Filled {
    let mut filled = Filled::default();
    if answers.0.is_empty() {
        return filled;
    }
    let mut filling = Filling { answers, inputs, known: Map::new(), compared: Set::new() };
    for &number in &live.sign_ins {
        let Some(row) = store.sign_in(number).copied() else { continue };
        let location = filling.location(store, row.address, row.location);
        if location != row.location
            && let Some(to) = store.sign_ins.get_mut(number as usize)
        {
            filled.sign_ins.push((number, row.location));
            to.location = location;
        }
    }
    for &number in &live.risk_events {
        let Some(row) = store.risk_event(number).copied() else { continue };
        let location = filling.location(store, row.address, row.location);
        if location != row.location
            && let Some(to) = store.risk_events.get_mut(number as usize)
        {
            filled.risk_events.push((number, row.location));
            to.location = location;
        }
    }
    filled
}

/// Fills locations in; of each address and location the result is kept.
struct Filling<'a> {
    answers: &'a Answers,
    inputs: &'a mut [Input],
    known: Map<(TextId, u32), (u32, By)>,
    /// Addresses whose country was compared, and by which input.
    compared: Set<(u32, IpAddr)>,
}

/// The inputs that filled in a location, each with what it gave.
type By = Vec<(u32, Stated)>;

impl Filling<'_> {
    /// The number of a location with what is known of its address.
    fn location(&mut self, store: &mut Store, text: TextId, number: u32) -> u32 {
        let (number, filled) = match self.known.get(&(text, number)) {
            Some(known) => known.clone(),
            None => {
                let found = self.find(store, text, number);
                self.known.insert((text, number), found.clone());
                found
            }
        };
        for (input, what) in filled {
            let Some(Input { gave, .. }) = self.inputs.get_mut(input as usize) else { continue };
            gave.systems += u64::from(what.has(Stated::FILLED_ASN));
            gave.countries += u64::from(what.has(Stated::FILLED_COUNTRY));
            gave.cities += u64::from(what.has(Stated::FILLED_CITY));
            gave.coordinates += u64::from(what.has(Stated::FILLED_COORDINATES));
        }
        number
    }

    fn find(&mut self, store: &mut Store, text: TextId, number: u32) -> (u32, By) {
        let address = store.texts.value(text).and_then(address::parse_address);
        let Some((address, answers)) = address.and_then(|address| Some((address, self.answers.0.get(&address)?)))
        else {
            return (number, Vec::new());
        };
        let before = store.location(number);
        let (mut location, mut filled) = (before, Vec::new());
        for (input, answer) in answers {
            self.compare(store, &before, (*input, address), answer);
            let what = add(store, &mut location, answer);
            if what != Stated(0) {
                filled.push((*input, what));
            }
        }
        if location == before { (number, filled) } else { (store.locations.intern(location), filled) }
    }

    /// Counts of each address once whether a database names another country than the export.
    fn compare(&mut self, store: &Store, before: &Location, key: (u32, IpAddr), answer: &Answer) {
        let Some((mine, theirs)) = store.texts.value(before.country).zip(answer.country.as_deref()) else { return };
        if self.compared.insert(key)
            && let Some(Input { gave: Gave { compared, .. }, .. }) = self.inputs.get_mut(key.0 as usize)
        {
            compared.0 += 1;
            compared.1 += u64::from(!mine.eq_ignore_ascii_case(theirs));
        }
    }
}

/// Adds to a location what it lacks, and says what that was.
fn add(store: &mut Store, location: &mut Location, answer: &Answer) -> Stated {
    let mut what = Stated(0);
    if let Some(system) = answer.system.filter(|_| location.asn == 0) {
        location.asn = system;
        what = what.and(Stated::FILLED_ASN);
        location.stated = location.stated.and(Stated::ASN);
    }
    if let Some(country) = answer.country.as_deref().filter(|_| !location.country.has_value()) {
        location.country = store.texts.intern(country);
        what = what.and(Stated::FILLED_COUNTRY);
    }
    let country = store.texts.value(location.country).unwrap_or_default();
    if answer.country.as_deref().is_none_or(|theirs| theirs.eq_ignore_ascii_case(country)) {
        if !location.city.has_value() && !location.state.has_value() {
            for (place, name) in [(&mut location.city, &answer.city), (&mut location.state, &answer.state)] {
                if let Some(name) = name {
                    *place = store.texts.intern(name);
                    what = what.and(Stated::FILLED_CITY);
                }
            }
        }
        if let Some((north, east)) = answer.coordinates.filter(|_| location.latitude == NO_COORDINATE) {
            (location.latitude, location.longitude) = (north, east);
            what = what.and(Stated::FILLED_COORDINATES);
            location.stated = location.stated.and(Stated::COORDINATES);
        }
    }
    location.stated = location.stated.and(what);
    what
}

/// Looks up every address in the lists. What they say goes into the summary, and how many addresses
/// each list knew into its input.
pub(super) fn look_up(store: &Store, lists: &Lists, summary: &mut Summary, inputs: &mut [Input]) {
    if lists.is_empty() {
        return;
    }
    let mut found = Map::new();
    for text in addresses(store) {
        // The same address in another spelling says the same.
        let Some(network) = summary.network(store, text, 0).filter(|network| !found.contains_key(&network.address))
        else {
            continue;
        };
        let mut said = Set::new();
        let listed = lists.find(network.address, network.asn, &mut |input| {
            said.insert(input);
        });
        for input in said {
            if let Some(input) = inputs.get_mut(input as usize) {
                input.gave.addresses += 1;
            }
        }
        found.insert(network.address, listed);
    }
    found.retain(|_, listed| listed.kind().is_some());
    summary.listed = found;
}

/// Says in the facts of a finding which lists name the networks of its records: `lists`, each with
/// `address`, `as`, `name` where it has one, and `by`, the file.
pub(super) fn say(case: &Case, view: &View<'_>, finding: &mut Finding) {
    say_filled(view, finding);
    if case.summary.listed.is_empty() {
        return;
    }
    let network = |event: EventRef| match event {
        EventRef::SignIn(number) => view.network(view.store.sign_in(number)?),
        _ => view.network_of(event),
    };
    let networks: Map<_, _> = finding
        .evidence
        .iter()
        .filter_map(|item| network(item.event))
        .map(|network| (network.address, network.listed))
        .gather();
    let said: Vec<_> = networks
        .into_iter()
        .filter_map(|(address, listed)| {
            let (input, entry) = case.lists.entry(listed)?;
            let by = case.inputs.get(input as usize).map_or("", |input| input.name.as_str());
            let name = Some(&*entry.name).filter(|name| !name.is_empty());
            Some(json!({"address": address.to_string(), "as": entry.kind.name(), "name": name, "by": by}))
        })
        .take(SAID)
        .collect();
    if !said.is_empty() {
        finding.facts.insert("lists".to_owned(), said.into());
    }
}

/// Says in the facts of a finding what of its sign-ins no export said: `filled_in`, any of `asn`,
/// `country`, `city` and `coordinates`.
fn say_filled(view: &View<'_>, finding: &mut Finding) {
    let stated = finding.evidence.iter().fold(Stated(0), |stated, item| match item.event {
        EventRef::SignIn(number) => {
            let location = view.store.sign_in(number).map(|row| view.store.location(row.location));
            stated.and(location.map_or(Stated(0), |location| location.stated))
        }
        _ => stated,
    });
    let names = [
        (Stated::FILLED_ASN, "asn"),
        (Stated::FILLED_COUNTRY, "country"),
        (Stated::FILLED_CITY, "city"),
        (Stated::FILLED_COORDINATES, "coordinates"),
    ];
    let filled: Vec<&str> = names.iter().filter(|(what, _)| stated.has(*what)).map(|(_, name)| *name).collect();
    if !filled.is_empty() {
        finding.facts.insert("filled_in".to_owned(), filled.into());
    }
}

/// The addresses of all records, as they are written.
fn addresses(store: &Store) -> Set<TextId> {
    let sign_ins = store.sign_ins.iter().map(|row| row.address);
    let audits = store.audits.iter().map(|row| row.address);
    let activities = store.activities.iter().map(|row| row.address);
    let risk_events = store.risk_events.iter().map(|row| row.address);
    sign_ins.chain(audits).chain(activities).chain(risk_events).filter(|text| text.has_value()).gather()
}
