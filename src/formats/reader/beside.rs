//! What comes beside the exports: lists of networks and users, and what sign-ins say of trusted places.

use crate::enrichment::{Enrichment, Entry, NetworkKind, Span, UserEntry};
use crate::events::address::parse_address;
use crate::formats::address_list::{self, AddressList, LONGEST_NAME};
use crate::formats::nested::{self, Nested};
use crate::formats::scalar::scalar;
use crate::formats::user_list::{self, UserList};
use crate::formats::{Column, Kind, Row, USER_LIST, build_nested};
use crate::intake::Cell;

use super::{Outcome, Reader, Refusal};

/// A list that is no export.
#[derive(Clone, Debug)]
pub(super) enum Beside {
    Networks(AddressList),
    Users(UserList),
}

impl Reader {
    /// The list that a table is by its first two lines, and whether the first is a row itself.
    pub(super) fn beside(&self, names: &[String], first: &[&[u8]]) -> Option<(Beside, bool)> {
        let (kind, is_certain) = self.named_kind;
        let networks = AddressList::recognise(names, first, kind, is_certain);
        let networks = networks.map(|(list, is_row)| (Beside::Networks(list), is_row));
        networks.or_else(|| {
            let (list, is_row) = UserList::recognise(names, first, self.named_class)?;
            Some((Beside::Users(list), is_row))
        })
    }

    pub(super) fn take_networks(&mut self, read: Result<Option<Vec<Entry>>, Refusal>) -> Outcome {
        match read {
            Err(refusal) => Outcome::Refused(refusal),
            Ok(None) => Outcome::Remark,
            Ok(Some(entries)) => {
                let formats = entries.iter().map(|entry| entry.kind.format());
                self.tally.formats.extend(formats);
                self.enrichment.networks.extend(entries);
                Outcome::Enrichment
            }
        }
    }

    pub(super) fn take_user(&mut self, read: Result<Option<UserEntry>, Refusal>) -> Outcome {
        match read {
            Err(refusal) => Outcome::Refused(refusal),
            Ok(None) => Outcome::Remark,
            Ok(Some(entry)) => {
                self.tally.formats.insert(USER_LIST);
                self.enrichment.users.push(entry);
                Outcome::Enrichment
            }
        }
    }

    /// Takes what a record says of networks or users; whether that is anything.
    pub(super) fn take_enrichment(&mut self, kind: Kind, row: &Row<'_>) -> Result<bool, Refusal> {
        let Enrichment { networks, users, .. } = &mut self.enrichment;
        let before = networks.len() + users.len();
        match kind {
            Kind::NamedLocation => networks.extend(address_list::named_location(row)?),
            Kind::Identity => users.push(user_list::identity(row)?),
            Kind::RoleAssignment => users.push(user_list::role_assignment(row)?),
            Kind::DirectoryRole => users.extend(user_list::directory_role(row)?),
            _ => {}
        }
        let gave = networks.len() + users.len() > before;
        if !gave {
            let name = if kind == Kind::NamedLocation { "namedLocation" } else { "directoryRole" };
            self.count_other(Cell::Text(name.as_bytes()));
        }
        Ok(gave)
    }

    /// The address of a sign-in from a trusted named location is one of the organisation's own.
    pub(super) fn note_location(&mut self, row: &Row<'_>) {
        let cells = [row.cell(Column::NamedLocations), row.cell(Column::Address)];
        if cells.iter().any(Cell::is_empty) {
            return;
        }
        self.tuple(Column::NamedLocations, &cells, |reader| {
            let [locations, address] = cells;
            let names = match nested::decode(locations) {
                Nested::Value(value) => build_nested::trusted_locations(&value),
                _ => None,
            };
            let text = scalar(address, &mut reader.scratch).value().map(String::from_utf8_lossy);
            let address = text.and_then(|text| parse_address(&text));
            if let Some((names, address)) = names.zip(address) {
                let name: String = names.chars().take(LONGEST_NAME).collect();
                let entry = Entry { span: Span::of(address), kind: NetworkKind::KnownGood, name: name.into() };
                reader.enrichment.trusted.push(entry);
            }
            0
        });
    }
}
