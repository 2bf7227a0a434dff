//! What the tenant's mailboxes show only across people: its own domains, addresses that several forward to,
//! and how much mail is read in an hour.

use crate::order::{Map, Set};

use crate::events::mail_rule::MailRule;
use crate::events::parameters::{Parameters, addresses};
use crate::events::vocabulary::UserType;
use crate::events::{Activity, SignIn, Store, TextId};
use crate::knowledge::mail::is_consumer;

const HOUR: i64 = 3_600_000_000;
/// Domains that are kept: more than a tenant can have.
const DOMAINS: usize = 5_000;
/// Addresses forwarded to that are kept, and mailboxes of each.
const TARGETS: usize = 20_000;
const MAILBOXES: usize = 16;

/// Where an act outside the directory was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    /// In a mailbox, or in the settings of Exchange.
    Mail,
    /// With files.
    Files,
    /// Elsewhere.
    Other,
}

impl Workload {
    /// The workload of a category that the log names.
    #[must_use]
    pub fn of(category: &str) -> Self {
        let is = |names: &[&str]| names.iter().any(|name| category.eq_ignore_ascii_case(name));
        if is(&["Exchange", "Microsoft Exchange Online"]) {
            Self::Mail
        } else if is(&["SharePoint", "OneDrive", "Microsoft SharePoint Online", "Microsoft OneDrive for Business"]) {
            Self::Files
        } else {
            Self::Other
        }
    }
}

/// What is known of mailboxes and files in the tenant. Merges in any order.
#[derive(Clone, Debug, Default)]
pub struct Mailboxes {
    domains: Set<String>,
    forwarded: Map<String, Set<String>>,
    read: Map<i64, u64>,
    /// Acts in mailboxes.
    pub mail: u64,
    /// Acts with files.
    pub files: u64,
}

impl Mailboxes {
    /// Of these rows.
    #[must_use]
    pub fn of(store: &Store, sign_ins: &[u32], activities: &[u32]) -> Self {
        let mut known = Self::default();
        let mut last = None;
        for row in sign_ins.iter().filter_map(|&number| store.sign_in(number)) {
            if last.replace((row.user, row.tenants)) != Some((row.user, row.tenants)) && is_at_home(store, row) {
                known.learn(store.texts.get(store.user(row.user).name));
            }
        }
        let mut workloads: Map<TextId, Workload> = Map::new();
        let mut owners: Set<(TextId, TextId)> = Set::new();
        for row in activities.iter().filter_map(|&number| store.activity(number)) {
            let workload =
                *workloads.entry(row.category).or_insert_with(|| Workload::of(store.texts.get(row.category)));
            known.mail += u64::from(workload == Workload::Mail);
            known.files += u64::from(workload == Workload::Files);
            if workload != Workload::Mail {
                continue;
            }
            let name = store.user(row.user).name;
            // Whoever reads mail here has a mailbox here; cmdlets are also run by partners.
            let operation = store.texts.get(row.operation);
            let reads = if operation.contains('-') { TextId::ABSENT } else { name };
            if owners.insert((row.owner, reads)) {
                known.learn(store.texts.get(row.owner));
                known.learn(store.texts.get(reads));
            }
            if operation == "MailItemsAccessed" {
                *known.read.entry(row.time.div_euclid(HOUR)).or_default() += u64::from(row.items.max(1));
            } else {
                for target in forwards(store, row) {
                    known.forwarded.entry(target).or_default().insert(mailbox(store, row));
                }
            }
        }
        known.shorten();
        known
    }

    fn learn(&mut self, name: &str) {
        let Some((_, domain)) = name.rsplit_once('@').filter(|_| !name.contains("#ext#")) else { return };
        if !domain.is_empty() && !self.domains.contains(domain) && !is_consumer(domain) {
            self.domains.insert(domain.to_owned());
        }
    }

    fn shorten(&mut self) {
        while self.domains.len() > DOMAINS {
            self.domains.pop_last();
        }
        while self.forwarded.len() > TARGETS {
            self.forwarded.pop_last();
        }
        for mailboxes in self.forwarded.values_mut() {
            while mailboxes.len() > MAILBOXES {
                mailboxes.pop_last();
            }
        }
    }

    /// Takes another's knowledge in.
    pub fn merge(&mut self, other: Self) {
        self.learn_from(&other);
        for (hour, items) in other.read {
            *self.read.entry(hour).or_default() += items;
        }
        for (target, mailboxes) in other.forwarded {
            self.forwarded.entry(target).or_default().extend(mailboxes);
        }
        self.mail += other.mail;
        self.files += other.files;
        self.shorten();
    }

    /// Takes in what needs no times: the domains.
    pub fn learn_from(&mut self, other: &Self) {
        self.domains.extend(other.domains.iter().cloned());
    }

    /// Whether a mail address is of the tenant: of one of its domains, or below one. One that only looks
    /// like it is not.
    #[must_use]
    pub fn is_own(&self, address: &str) -> bool {
        let Some((_, domain)) = address.rsplit_once('@') else { return true };
        let domain = domain.to_lowercase();
        if is_consumer(&domain) {
            return false;
        }
        // Exchange's own routing address of `contoso.onmicrosoft.com`.
        let routed = domain.strip_suffix(".mail.onmicrosoft.com").map(|name| format!("{name}.onmicrosoft.com"));
        let domain = routed.unwrap_or(domain);
        let starts = domain.match_indices('.').map(|(at, _)| at + 1);
        std::iter::once(0).chain(starts).filter_map(|at| domain.get(at..)).any(|end| self.domains.contains(end))
    }

    /// How many mailboxes forward to an address.
    #[must_use]
    pub fn forwarding_to(&self, address: &str) -> usize {
        self.forwarded.get(address).map_or(0, Set::len)
    }

    /// Mails read in the tenant in an hour, counted from 1970.
    #[must_use]
    pub fn read_in(&self, hour: i64) -> u64 {
        self.read.get(&hour).copied().unwrap_or(0)
    }
}

/// Whether somebody signs in at home, as far as the record says.
fn is_at_home(store: &Store, row: &SignIn) -> bool {
    let tenants = store.tenants_of(row.tenants);
    let kind = store.user(row.user).kind;
    let foreign = tenants.home.has_value() && tenants.resource.has_value() && tenants.home != tenants.resource;
    row.stream().is_user() && kind != UserType::GUEST && kind != UserType::PARTNER && !foreign
}

/// Addresses that an act makes a mailbox forward to, lower-case.
#[must_use]
pub fn forwards(store: &Store, row: &Activity) -> Vec<String> {
    let operation = store.texts.get(row.operation);
    let is = |names: &[&str]| names.iter().any(|name| operation.eq_ignore_ascii_case(name));
    if is(&["Set-Mailbox", "New-Mailbox"]) {
        let parameters = Parameters::read(store.texts.get(row.parameters));
        let values = ["ForwardingSmtpAddress", "ForwardingAddress"].into_iter().filter_map(|name| parameters.get(name));
        return values.flat_map(addresses).collect();
    }
    if is(&["New-InboxRule", "Set-InboxRule", "UpdateInboxRules"]) {
        let parameters = Parameters::read(store.texts.get(row.parameters));
        return MailRule::read(operation, "", &parameters).map(|rule| rule.targets).unwrap_or_default();
    }
    Vec::new()
}

/// The mailbox that a setting was made in, by the part of its name before the at sign.
#[must_use]
pub fn mailbox(store: &Store, row: &Activity) -> String {
    let parameters = Parameters::read(store.texts.get(row.parameters));
    let owner = store.texts.value(row.owner);
    let named = || parameters.get("Mailbox").or_else(|| parameters.get("Identity").filter(|name| !name.contains('\\')));
    let own = || store.texts.value(store.user(row.user).name);
    let name = owner.or_else(named).or_else(own).unwrap_or_default();
    name.split('@').next().unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_domains_count_with_all_below_them() {
        let mut known = Mailboxes::default();
        for name in
            ["ada@contoso.example", "bob@contoso.onmicrosoft.com", "eve_gmail.com#ext#@fabrikam.example", "x@gmail.com"]
        {
            known.learn(name);
        }
        for (address, own) in [
            ("ada@contoso.example", true),
            ("ada@Mail.Contoso.Example", true),
            ("ada@contoso.mail.onmicrosoft.com", true),
            ("ada@contoso.onmicrosoft.com", true),
            ("ada@evil.onmicrosoft.com", false),
            ("ada@contoso.example.evil.test", false),
            ("ada@notcontoso.example", false),
            ("ada@contoso-example.test", false),
            ("ada@fabrikam.example", false),
            ("x@gmail.com", false),
        ] {
            assert_eq!(known.is_own(address), own, "{address}");
        }
    }

    #[test]
    fn the_order_of_parts_does_not_matter() {
        let part = |name: &str, hour: i64, target: &str| {
            let mut known = Mailboxes { mail: 1, ..Mailboxes::default() };
            known.learn(name);
            known.read.insert(hour, 2);
            known.forwarded.entry(target.to_owned()).or_default().insert(name.to_owned());
            known
        };
        let parts = [
            part("a@one.example", 1, "x@e.test"),
            part("b@two.example", 1, "x@e.test"),
            part("c@one.example", 2, "y@e.test"),
        ];
        let whole = |order: [usize; 3]| {
            let mut all = Mailboxes::default();
            for place in order {
                all.merge(parts[place].clone());
            }
            format!("{all:?}")
        };
        assert_eq!(whole([0, 1, 2]), whole([2, 1, 0]));
        assert_eq!(whole([0, 1, 2]), whole([1, 0, 2]));
    }
}
