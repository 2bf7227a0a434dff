//! A sign-in: one row of 144 bytes, its texts in the dictionaries of the [`Store`](super::Store).

use bytemuck::{Pod, Zeroable};

use super::dictionary::TextId;
use super::id::Id;
use super::vocabulary::{Doubts, IncomingToken, PolicyStatus, Protection, Protocol, Requirement, Stream, Transfer};

/// A sign-in of any of the four streams.
///
/// Fields of type `u32` are numbers of tuples in the store; see [`super::tuples`].
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct SignIn {
    /// When it was created, in microseconds UTC.
    pub time: i64,
    /// Byte offset of the record.
    pub offset: u64,
    /// Request id: the record's own id.
    pub id: Id,
    /// Correlation id, chosen by the client.
    pub correlation: Id,
    /// Number of the record in its input.
    pub record: u32,
    /// Input the record came from.
    pub input: u32,
    /// Session id, by its number among the ids.
    pub session: IdRef,
    /// Unique token id, normalised to a GUID.
    pub token: IdRef,
    /// First request of the sequence.
    pub original: IdRef,
    /// [`super::tuples::User`].
    pub user: u32,
    /// [`super::tuples::App`].
    pub app: u32,
    /// [`super::tuples::App`] of the resource.
    pub resource: u32,
    /// [`super::tuples::Tenants`].
    pub tenants: u32,
    /// Address, canonical text.
    pub address: TextId,
    /// [`super::tuples::Location`].
    pub location: u32,
    /// User agent.
    pub agent: TextId,
    /// [`super::tuples::Device`].
    pub device: u32,
    /// Client app.
    pub client: TextId,
    /// [`super::tuples::Outcome`].
    pub outcome: u32,
    /// Applied conditional-access policies, canonical JSON.
    pub policies: TextId,
    /// Conditional-access audiences: application ids joined by blanks.
    pub audiences: TextId,
    /// Authentication steps without their times, canonical JSON.
    pub steps: TextId,
    /// Processing details, canonical JSON of key and value.
    pub processing: TextId,
    /// [`super::tuples::Risk`].
    pub risk: u32,
    /// [`super::tuples::Principal`].
    pub principal: u32,
    /// Milliseconds Entra took; see [`SignIn::latency`].
    pub latency: u32,
    /// Number of the [`Stream`].
    pub stream: u8,
    /// Token that came in.
    pub incoming: IncomingToken,
    /// Authentication protocol.
    pub protocol: Protocol,
    /// Original transfer method.
    pub transfer: Transfer,
    /// Token protection of the sign-in session.
    pub protection: Protection,
    /// Conditional-access status.
    pub policy_status: PolicyStatus,
    /// Single or multi factor.
    pub requirement: Requirement,
    /// What the record leaves open.
    pub doubts: Doubts,
}

impl SignIn {
    /// `latency` where the export has no such field.
    pub const LATENCY_ABSENT: u32 = u32::MAX;
    /// `latency` where the field is there and empty.
    pub const LATENCY_EMPTY: u32 = u32::MAX - 1;

    /// Milliseconds Entra took, where the record says so.
    #[must_use]
    pub const fn latency(&self) -> Option<u32> {
        if self.latency < Self::LATENCY_EMPTY { Some(self.latency) } else { None }
    }

    /// The stream it belongs to.
    #[must_use]
    pub const fn stream(&self) -> Stream {
        Stream::from_number(self.stream)
    }

    /// Session id.
    pub fn session_id(&self, store: &super::Store) -> Id {
        store.id_of(self, self.session)
    }

    /// Unique token id.
    pub fn token_id(&self, store: &super::Store) -> Id {
        store.id_of(self, self.token)
    }

    /// Ties in time are broken by: interactive first, then the id.
    #[must_use]
    pub fn order(&self) -> (i64, bool, Id, u32, u32) {
        (self.time, self.stream() != Stream::Interactive, self.id, self.input, self.record)
    }
}

/// An id kept elsewhere: absent, empty, the row's own id, or a number among the store's ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Pod, Zeroable)]
#[repr(transparent)]
pub struct IdRef(pub u32);

impl IdRef {
    /// The export has no such field.
    pub const ABSENT: Self = Self(0);
    /// The field is there and empty.
    pub const EMPTY: Self = Self(1);
    /// The same as the row's own id.
    pub const OWN: Self = Self(2);
    /// Numbers of the store's ids begin here.
    pub const FIRST: u32 = 3;
}
