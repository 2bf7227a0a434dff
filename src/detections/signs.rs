//! Signs that a person's sign-ins were an intruder's: where they came from, and in what session.

use crate::events::SignIn;
use crate::order::Map;
use crate::sessions::{View, hands};

use super::device::is_by_device_code;
use super::places::{is_abroad, is_rented, is_unfamiliar};
use super::tokens::Tokens;
use super::{Confidence, Subject};

/// A sign, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// A hosting or VPN network that is not familiar for the user.
    Hosting,
    /// The session was opened by device code.
    DeviceCode,
    /// The session had changed hands before.
    OtherHands,
    /// A network, or where networks have no number a country, that is unfamiliar.
    UnfamiliarNetwork,
}

impl Sign {
    /// As facts name it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Hosting => "hosting",
            Self::DeviceCode => "device code",
            Self::OtherHands => "other hands",
            Self::UnfamiliarNetwork => "unfamiliar network",
        }
    }

    pub(super) const fn confidence(self) -> Confidence {
        match self {
            Self::Hosting | Self::DeviceCode => Confidence::High,
            Self::OtherHands | Self::UnfamiliarNetwork => Confidence::Medium,
        }
    }

    /// For the end of an explanation.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Hosting => " It came from a hosting or VPN network, where people seldom sit.",
            Self::DeviceCode => " The session was opened by device code, as phishing for devices does.",
            Self::OtherHands => " The session had gone into other hands before.",
            Self::UnfamiliarNetwork => " The user has not signed in from this network before.",
        }
    }
}

/// The signs of one person's sign-ins. Answers of a session are found once.
pub(super) struct Signs<'a, 'b> {
    subject: &'a Subject<'b>,
    codes: Map<usize, bool>,
    changed: Map<usize, Option<i64>>,
}

impl<'a, 'b> Signs<'a, 'b> {
    pub(super) fn of(subject: &'a Subject<'b>) -> Self {
        Self { subject, codes: Map::new(), changed: Map::new() }
    }

    /// The surest sign that one of these sign-ins shows.
    pub(super) fn surest(&mut self, sign_ins: impl Iterator<Item = u32>) -> Option<Sign> {
        let (subject, view) = (self.subject, self.subject.view);
        let rows: Vec<(u32, &SignIn)> = view.rows(&sign_ins.collect::<Vec<_>>()).collect();
        // Without a network number every new address would be one.
        let typed = Tokens::of(view).is_typed();
        let strange = |row: &SignIn| is_unfamiliar(subject, row) && (typed || is_abroad(subject, row));
        if rows.iter().any(|(_, row)| is_rented(subject, row)) {
            Some(Sign::Hosting)
        } else if rows.iter().any(|(number, row)| is_by_device_code(row) || self.by_code(*number)) {
            Some(Sign::DeviceCode)
        } else if rows.iter().any(|(number, row)| self.change(*number).is_some_and(|since| row.time >= since)) {
            Some(Sign::OtherHands)
        } else {
            rows.iter().any(|(_, row)| strange(row)).then_some(Sign::UnfamiliarNetwork)
        }
    }

    /// Whether the session of a sign-in was opened by device code.
    fn by_code(&mut self, sign_in: u32) -> bool {
        let view: &View<'_> = self.subject.view;
        let Some(session) = view.session_of(sign_in) else { return false };
        *self.codes.entry(session).or_insert_with(|| {
            let rows = view.sessions.get(session).map(|session| session.sign_ins.as_slice()).unwrap_or_default();
            view.rows(rows).any(|(_, row)| is_by_device_code(row))
        })
    }

    /// When the session of a sign-in first changed hands.
    fn change(&mut self, sign_in: u32) -> Option<i64> {
        let view = self.subject.view;
        let session = view.session_of(sign_in)?;
        *self.changed.entry(session).or_insert_with(|| {
            let changes = hands(view, view.sessions.get(session)?, self.subject.familiar).changes;
            changes.first().and_then(|&number| view.store.sign_in(number)).map(|row| row.time)
        })
    }
}
