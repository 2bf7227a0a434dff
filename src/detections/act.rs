//! An act in the directory, as detections ask about it.

use std::cell::OnceCell;
use std::ops::Deref;

use serde_json::{Value, json};

use crate::events::change::{self, Change, Target, TargetKind};
use crate::events::{Audit, Id, Store};
use crate::knowledge::operations;
use crate::order::Arrange;

/// Changes of an act that a finding tells, and letters of each value.
const TOLD: (usize, usize) = (12, 400);

/// An act.
#[derive(Clone, Debug)]
pub(super) struct Act<'a> {
    pub(super) number: u32,
    pub(super) row: &'a Audit,
    pub(super) store: &'a Store,
    pub(super) targets: Targets<'a>,
}

/// What an act was done to, read when somebody looks.
#[derive(Clone, Debug)]
pub(super) struct Targets<'a> {
    /// A canonical text of this program: letters of a name stand in it as they are.
    kept: &'a str,
    read: OnceCell<Vec<Target<'a>>>,
}

impl Targets<'_> {
    /// Whether a name may stand among them; without having read them.
    fn may_have(&self, name: &str) -> bool {
        let Some(first) = name.as_bytes().first() else { return true };
        let kept = self.kept.as_bytes();
        let begins = memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), kept);
        let same =
            |at: usize| kept.get(at..at + name.len()).is_some_and(|part| part.eq_ignore_ascii_case(name.as_bytes()));
        begins.into_iter().any(same)
    }
}

impl<'a> Deref for Targets<'a> {
    type Target = [Target<'a>];

    fn deref(&self) -> &Self::Target {
        self.read.get_or_init(|| change::targets(self.kept))
    }
}

impl<'a> Act<'a> {
    pub(super) fn read(store: &'a Store, number: u32, row: &'a Audit) -> Self {
        let targets = Targets { kept: store.texts.get(row.targets), read: OnceCell::new() };
        Self { number, row, store, targets }
    }

    pub(super) fn operation(&self) -> &'a str {
        self.store.texts.get(self.row.operation)
    }

    pub(super) fn succeeded(&self) -> bool {
        !matches!(self.store.texts.get(self.row.result), "failure" | "timeout")
    }

    pub(super) fn reason(&self) -> &'a str {
        self.store.texts.get(self.row.reason)
    }

    /// All changes of its targets.
    pub(super) fn changes(&self) -> impl Iterator<Item = &Change<'a>> {
        self.targets.iter().flat_map(|target| &target.changes)
    }

    /// The property of this name, in any target.
    pub(super) fn change(&self, name: &str) -> Option<&Change<'a>> {
        if self.targets.read.get().is_none() && !self.targets.may_have(name) {
            return None;
        }
        self.changes().find(|change| change.is(name))
    }

    /// The new value of a property without brackets and quotes; empty where there is none.
    pub(super) fn new_value(&self, name: &str) -> &str {
        self.change(name).map_or("", |change| change::plain(&change.new))
    }

    /// The value of the first of these properties that has one, new before old.
    pub(super) fn value(&self, names: &[&str]) -> &str {
        let values = names.iter().filter_map(|name| self.change(name)).flat_map(|change| [&change.new, &change.old]);
        values.map(|value| change::plain(value)).find(|value| !value.is_empty()).unwrap_or_default()
    }

    /// The first target of a kind.
    pub(super) fn target(&self, kind: TargetKind) -> Option<&Target<'a>> {
        self.targets.iter().find(|target| target.kind() == kind)
    }

    /// The user it was done to, or the first thing it was done to, as a person reads it.
    pub(super) fn on(&self) -> &str {
        let named = || self.targets.iter().find(|target| !target.label().is_empty());
        let user = self.target(TargetKind::User).filter(|target| !target.label().is_empty());
        user.or_else(named).map_or("something that the record does not name", Target::label)
    }

    /// The application it was done to: registration or identity.
    pub(super) fn app(&self) -> &str {
        let app = self.target(TargetKind::Application).or_else(|| self.target(TargetKind::ServicePrincipal));
        app.map(Target::label).filter(|label| !label.is_empty()).unwrap_or_else(|| self.on())
    }

    /// Who did it, as a person reads it.
    pub(super) fn by(&self) -> String {
        let texts = &self.store.texts;
        let (user, app) = (self.store.user(self.row.user), self.store.principal(self.row.principal));
        let named = [user.name, user.display, app.name].into_iter().find_map(|name| texts.value(name));
        let id = || user.id.value().or(app.id.value()).map(|id| id.display(texts));
        named.map(str::to_owned).or_else(id).unwrap_or_else(|| "Somebody".to_owned())
    }

    pub(super) fn is_by_user(&self) -> bool {
        let user = self.store.user(self.row.user);
        user.id.has_value() || user.name.has_value()
    }

    /// Whether a user did it to somebody else.
    pub(super) fn is_for_another(&self) -> bool {
        let user = self.store.user(self.row.user);
        let by = self.store.texts.get(user.name);
        let own = |target: &Target<'_>| {
            (user.id.has_value() && target.object(self.store) == user.id) || (!by.is_empty() && target.user == by)
        };
        let users = || self.targets.iter().filter(|target| target.kind() == TargetKind::User);
        self.is_by_user() && users().next().is_some() && !users().any(own)
    }

    /// One request of the directory's interface writes several records: what they share names them for good.
    pub(super) fn anchor(&self) -> Id {
        self.row.correlation.value().or(self.row.id.value()).unwrap_or(Id::text(self.row.operation))
    }

    /// As facts tell it.
    pub(super) fn tell(&self) -> Value {
        let short = |text: &str| text.chars().take(TOLD.1).collect::<String>();
        let texts = &self.store.texts;
        let changed = self.changes().filter(|change| change.old != change.new).take(TOLD.0);
        let changes: Vec<[String; 3]> =
            changed.map(|change| [&change.name, &change.old, &change.new].map(|text| short(text))).collect();
        let on: Vec<String> = self.targets.iter().map(|target| short(target.label())).take(TOLD.0).collect();
        json!({
            "time": crate::events::time::format_rfc3339(self.row.time),
            "operation": self.operation(),
            "by": self.by(),
            "address": texts.get(self.row.address),
            "agent": texts.get(self.row.agent),
            "reason": short(self.reason()),
            "on": on,
            "changes": changes,
        })
    }
}

/// Whether an operation is one of these, whatever its case, dashes, dots and blanks.
pub(super) fn any(operation: &str, names: &[&str]) -> bool {
    names.iter().any(|name| operations::alike(operation, name))
}

/// Different texts of a list, in order.
pub(super) fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    all.arrange();
    all.dedup();
    all
}
