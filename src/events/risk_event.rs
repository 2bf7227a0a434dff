//! What Identity Protection says of a user or a service principal.

use bytemuck::{Pod, Zeroable};

use super::dictionary::TextId;
use super::id::Id;
use super::vocabulary::Doubts;

/// A risk detection, or a change of the risk state of a user or service principal.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct RiskEvent {
    /// When what is risky happened, in microseconds UTC; where the record does not say, when it was
    /// detected or the state changed.
    pub time: i64,
    /// When it was detected; [`RiskEvent::NEVER`] where the record does not say.
    pub detected: i64,
    /// Byte offset of the record.
    pub offset: u64,
    /// The record's own id; of a state that of the user or service principal.
    pub id: Id,
    /// Request id of the sign-in it is about.
    pub request: Id,
    /// Correlation id of the sign-in it is about.
    pub correlation: Id,
    /// Number of the record in its input.
    pub record: u32,
    /// Input the record came from.
    pub input: u32,
    /// [`super::tuples::User`].
    pub user: u32,
    /// [`super::tuples::Principal`].
    pub principal: u32,
    /// [`super::tuples::App`].
    pub app: u32,
    /// [`super::tuples::Tenants`].
    pub tenants: u32,
    /// [`super::tuples::Location`].
    pub location: u32,
    /// Address, canonical text.
    pub address: TextId,
    /// What was detected (`anomalousToken`); absent for a state.
    pub kind: TextId,
    /// `low`, `medium`, `high`, `hidden`, `none`.
    pub level: TextId,
    /// `atRisk`, `confirmedCompromised`, `remediated`, `dismissed`…
    pub state: TextId,
    /// Why the state is what it is.
    pub detail: TextId,
    /// Who detected it.
    pub source: TextId,
    /// `realtime`, `nearRealtime`, `offline`.
    pub timing: TextId,
    /// `signin` or `user`.
    pub activity: TextId,
    /// Who issued the token (`AzureAD`, `ADFederationServices`).
    pub issuer: TextId,
    /// Additional information, canonical JSON of key and value.
    pub more: TextId,
    /// User agent among the additional information.
    pub agent: TextId,
    /// What the record leaves open.
    pub doubts: Doubts,
    /// Always zero.
    pub pad: [u8; 7],
}

impl RiskEvent {
    /// `detected` where the record does not say.
    pub const NEVER: i64 = i64::MIN;

    /// When it was detected, where the record says so.
    #[must_use]
    pub const fn detected(&self) -> Option<i64> {
        if self.detected == Self::NEVER { None } else { Some(self.detected) }
    }

    /// Whether it says how a user or service principal stands, and names no detection.
    #[must_use]
    pub const fn is_state(&self) -> bool {
        !self.kind.has_value()
    }
}
