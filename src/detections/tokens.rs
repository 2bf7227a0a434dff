//! Which token came in, and what stands for it where no sign-in of the tenant tells its type, as in
//! Defender's tables: a person signs in without a token, a client with one.

use crate::events::SignIn;
use crate::events::field::Field;
use crate::events::vocabulary::{Doubts, IncomingToken, Stream};
use crate::sessions::{Likeness, View};

use super::{Confidence, Severity};

/// The variant of what rests on the stream.
pub(super) const BY_STREAM: &str = "by-stream";

/// Whether no user sign-in of the tenant has a field.
pub(super) fn is_nowhere(view: &View<'_>, field: Field) -> bool {
    let absent = view.tenant.absent.get(&field).copied().unwrap_or(0);
    absent >= view.tenant.user_sign_ins()
}

/// How a finding is weighed that rests on what stands for a field: one milder, at most medium, and
/// hardly sure.
pub(super) fn weakened(severity: Severity) -> (Severity, Confidence) {
    (severity.lower().min(Severity::Medium), Confidence::Low)
}

/// How a tenant's sign-ins tell which token came in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tokens {
    typed: bool,
}

impl Tokens {
    pub(super) fn of(view: &View<'_>) -> Self {
        Self { typed: !is_nowhere(view, Field::IncomingToken) }
    }

    /// Whether any sign-in tells the type.
    pub(super) const fn is_typed(self) -> bool {
        self.typed
    }

    /// Whether no token came in.
    pub(super) fn none(self, row: &SignIn) -> bool {
        if self.typed { row.incoming.is_none() } else { is_of(row, Stream::Interactive) }
    }

    /// Whether a token came in.
    pub(super) fn some(self, row: &SignIn) -> bool {
        if self.typed { row.incoming.is_token() } else { is_of(row, Stream::NonInteractive) }
    }

    /// Whether one of these tokens came in, or may have.
    pub(super) fn any_of(self, row: &SignIn, wanted: IncomingToken) -> bool {
        self.some(row) && (!self.typed || row.incoming.0 & wanted.0 != 0)
    }

    /// Whether two holders are in different networks; where the type is not told and no number tells
    /// networks apart, in different countries.
    pub(super) fn are_apart(self, likeness: &Likeness) -> bool {
        let by_country = !self.typed && likeness.network.is_none() && likeness.country == Some(false);
        likeness.network == Some(false) || by_country
    }

    /// Severity and confidence, weakened where the type is not told.
    pub(super) fn weigh(self, severity: Severity, confidence: Confidence) -> (Severity, Confidence) {
        if self.typed { (severity, confidence) } else { weakened(severity) }
    }

    /// The variant: that of exact records, or by the stream.
    pub(super) const fn variant(self, exact: &'static str) -> &'static str {
        if self.typed { exact } else { BY_STREAM }
    }

    /// For the end of an explanation.
    pub(super) const fn words(self) -> &'static str {
        if self.typed {
            ""
        } else {
            " These exports do not tell whether a token came in: that a person signed in or a client did stands for it."
        }
    }
}

fn is_of(row: &SignIn, stream: Stream) -> bool {
    !row.doubts.has(Doubts::STREAM) && row.stream() == stream
}
