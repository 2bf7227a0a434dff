//! Methods and devices that were registered for a person, as the directory audit log tells it.

use crate::events::Audit;
use crate::knowledge::operations::{self, Registration, RegistrationKind};
use crate::sessions::View;

/// A registration that succeeded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Registered<'a> {
    /// Number of the audit event.
    pub(super) number: u32,
    pub(super) row: &'a Audit,
    pub(super) what: Registration,
}

impl Registered<'_> {
    pub(super) fn is_device(&self) -> bool {
        self.what.kind == RegistrationKind::Device
    }
}

/// All registrations by or for a person that succeeded, in order of time.
pub(super) fn registered<'a>(view: &View<'a>) -> impl Iterator<Item = Registered<'a>> {
    let texts = &view.store.texts;
    let registers = view.audits_of(&|operation| operations::registration(operation).is_some());
    let succeeded = registers.filter(|(_, row)| texts.get(row.result) == "success");
    succeeded.filter_map(|(number, row)| {
        let what = operations::registration(texts.get(row.operation))?;
        Some(Registered { number, row, what })
    })
}
