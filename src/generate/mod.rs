//! A believable tenant, made from a seed: people with offices, homes, laptops and phones, what their
//! machines do all day, programs, administrators and meeting rooms, and incidents with labels.
//!
//! The sample of the page, the tests and the benches are made of it. It knows no clock and no chance
//! but its seed: the same settings give the same bytes, natively and in wasm. Names are of
//! `contoso.example` and `example.com`, addresses of the ranges reserved for documentation.
//!
//! One idea a file: [`people`], [`networks`] and [`rhythm`] say who works where and when, [`days`],
//! [`workloads`] and [`directory`] what that logs, [`acts`] what is done in mailboxes, with files and by
//! calls of Graph, [`incidents`] what intruders do, [`near_misses`] what only looks like it, [`write`] how
//! each export spells it.

#![cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "the page makes nothing but its sample"))]

mod acts;
mod apps;
mod days;
mod directory;
pub mod incidents;
// The page's sample has none.
#[cfg(not(target_arch = "wasm32"))]
mod insiders;
mod label;
mod large;
// The page's sample has none.
#[cfg(not(target_arch = "wasm32"))]
mod near_misses;
mod networks;
mod people;
mod policies;
// The page's sample has none.
#[cfg(not(target_arch = "wasm32"))]
mod quirks;
mod random;
mod record;
mod resets;
mod rhythm;
// The page's sample has none.
#[cfg(not(target_arch = "wasm32"))]
mod routine;
mod sample;
mod session;
mod time;
mod workloads;
mod write;

#[cfg(test)]
mod tests;

pub use apps::App;
pub use incidents::Kind;
pub use label::{Incident, Label};
pub use large::{Amount, write_large};
pub use policies::Policy;
pub use record::{Act, Audit, City, Client, Device, Initiator, Place, Principal, Risk, SignIn, Step, Target, User};
pub use sample::sample;
pub use write::Format;

use crate::events::vocabulary::Stream;
use crate::order::{Arrange, Gather};
use people::Person;
use random::Random;

/// How long records are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// The fields that matter, few policies: about 2.3 kB a record.
    Brief,
    /// All fields: about 3.8 kB.
    #[default]
    Full,
    /// All fields and the many policies of a large tenant: 4 to 5.7 kB.
    Long,
}

/// What to make.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Everything follows from it.
    pub seed: u64,
    /// People, at most 36,000.
    pub users: u32,
    /// Days.
    pub days: u32,
    /// The first midnight, in microseconds UTC.
    pub start: i64,
    /// Tokens that a person's laptop asks for on a working day, about.
    pub pace: u32,
    /// Acts in mailboxes, with files, in Teams and calls of Graph for a hundred sign-ins, about, at most 100.
    /// With 0 there are none but those of incidents.
    pub acts: u32,
    /// How long records are.
    pub detail: Detail,
    /// Which incidents happen, each once.
    pub incidents: Vec<Kind>,
    /// Whether to add what people do that looks like an intruder's work, a leaver's downloads, a VPN at noon or five
    /// resets, and what fills the directory's log from day to day.
    pub insiders: bool,
    /// Whether to add what detections must not match, and the same in forms that they must.
    pub near_misses: bool,
}

/// 2 November 2026, a Monday.
pub const START: i64 = 1_793_577_600_000_000;

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            users: 50,
            days: 14,
            start: START,
            pace: 12,
            acts: 100,
            detail: Detail::Full,
            incidents: Kind::ALL.to_vec(),
            insiders: true,
            near_misses: false,
        }
    }
}

/// Ids of the tenant and of the workspace its logs are sent to.
#[derive(Clone, Debug)]
pub struct TenantIds {
    /// The tenant.
    pub tenant: String,
    /// The Log Analytics workspace, which its tables call `TenantId`.
    pub workspace: String,
}

/// A file of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A tenant and everything it logged.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Its ids.
    pub ids: TenantIds,
    /// Sign-ins of all streams, in order of time.
    pub sign_ins: Vec<SignIn>,
    /// Directory audit events, in order of time.
    pub audits: Vec<Audit>,
    /// Acts in mailboxes, with files, in Teams, and calls of Graph, in order of time.
    pub acts: Vec<Act>,
    /// Risk detections, in order of time.
    pub risks: Vec<Risk>,
    /// What happened to whom.
    pub incidents: Vec<Incident>,
    /// Which events are part of it, and of which near miss.
    pub labels: Vec<Label>,
    /// How long records are.
    pub detail: Detail,
}

impl Tenant {
    fn new(ids: TenantIds, detail: Detail) -> Self {
        Self {
            ids,
            sign_ins: Vec::new(),
            audits: Vec::new(),
            acts: Vec::new(),
            risks: Vec::new(),
            incidents: Vec::new(),
            labels: Vec::new(),
            detail,
        }
    }

    /// The tenant's logs as an export spells them.
    #[must_use]
    pub fn write(&self, format: Format) -> Vec<File> {
        write::files(self, format)
    }

    /// Incidents and labels as `labels.json`.
    #[must_use]
    pub fn labels_file(&self) -> File {
        label::file(self)
    }
}

/// Makes a tenant.
#[must_use]
pub fn tenant(settings: &Settings) -> Tenant {
    let random = Random::new(settings.seed);
    let ids = ids(&random);
    let people = people::people(&random, settings.users.min(36_000), settings.days);
    let mut tenant = Tenant::new(ids.clone(), settings.detail);
    for person in &people {
        #[cfg(not(target_arch = "wasm32"))]
        if settings.insiders {
            let mut own = Vec::new();
            days::live(person, settings, &ids, &random, &mut own);
            quirks::follow(person, settings, &ids, &random, &mut own, &mut tenant.audits);
            tenant.sign_ins.append(&mut own);
            continue;
        }
        days::live(person, settings, &ids, &random, &mut tenant.sign_ins);
    }
    workloads::run(settings, &ids, &random, &mut tenant.sign_ins);
    directory::keep(&people, settings, &ids, &random, &mut tenant);
    incidents::happen(&people, settings, &random, &mut tenant);
    #[cfg(not(target_arch = "wasm32"))]
    if settings.insiders {
        insiders::administer(&people, settings, &random, &mut tenant);
        routine::keep(&people, settings, &random, &mut tenant);
    }
    resets::follow(&random, &mut tenant);
    #[cfg(not(target_arch = "wasm32"))]
    if settings.insiders {
        insiders::haul(&people, &random, &mut tenant);
    }
    acts::follow(settings.acts, &random, &mut tenant);
    #[cfg(not(target_arch = "wasm32"))]
    if settings.near_misses {
        near_misses::add(settings, &random, &mut tenant);
    }
    finish(&people, settings, &mut tenant);
    tenant
}

fn ids(random: &Random) -> TenantIds {
    let mut random = random.child("tenant", 0);
    TenantIds { tenant: random.guid().to_string(), workspace: random.guid().to_string() }
}

/// What follows from the rest: policies, order, and the end of the log.
fn finish(people: &[Person], settings: &Settings, tenant: &mut Tenant) {
    let end = settings.start + i64::from(settings.days) * time::DAY;
    let labelled: crate::order::Set<&str> = tenant.labels.iter().map(|label| label.event.as_str()).gather();
    tenant
        .sign_ins
        .retain(|row| (settings.start..end).contains(&row.time) || labelled.contains(row.id.to_string().as_str()));
    tenant.audits.retain(|row| (settings.start..end).contains(&row.time) || labelled.contains(row.id.as_str()));
    tenant.acts.retain(|row| row.time < end || labelled.contains(row.id.to_string().as_str()));
    tenant.risks.retain(|row| row.time < end || labelled.contains(row.id.to_string().as_str()));
    let administrators: crate::order::Set<&str> =
        people.iter().filter(|person| person.is_administrator()).map(|person| person.user.id.as_str()).gather();
    for row in &mut tenant.sign_ins {
        if row.stream == Stream::Interactive || row.stream == Stream::NonInteractive {
            // Large tenants have more policies than others, and every record lists them all.
            let more = match settings.detail {
                Detail::Brief | Detail::Full => 0,
                Detail::Long => usize::from(row.id.to_bytes()[3] % 3),
            };
            row.policies = policies::applied(row, administrators.contains(row.user.id.as_str()), more);
        }
    }
    tenant.sign_ins.arrange_by_key(|row| (row.time, row.stream, row.id));
    tenant.acts.arrange_by_key(|row| (row.time, row.id));
    tenant.risks.arrange_by_key(|row| (row.time, row.id));
    tenant.audits.arrange_by(|left, right| (left.time, &left.id).cmp(&(right.time, &right.id)));
}
