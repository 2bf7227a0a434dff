//! A directory audit event.

use bytemuck::{Pod, Zeroable};

use super::dictionary::TextId;
use super::id::Id;
use super::vocabulary::Doubts;

/// An act in the directory, as the audit log tells it.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Audit {
    /// When it happened, in microseconds UTC.
    pub time: i64,
    /// Byte offset of the record.
    pub offset: u64,
    /// The record's own id.
    pub id: Id,
    /// Correlation id.
    pub correlation: Id,
    /// Number of the record in its input.
    pub record: u32,
    /// Input the record came from.
    pub input: u32,
    /// Operation, one final dot trimmed.
    pub operation: TextId,
    /// Category.
    pub category: TextId,
    /// Service that logged it.
    pub service: TextId,
    /// `success`, `failure` or `timeout`, lower-case.
    pub result: TextId,
    /// Why it ended so.
    pub reason: TextId,
    /// The user who did it: [`super::tuples::User`].
    pub user: u32,
    /// The application that did it: [`super::tuples::Principal`].
    pub principal: u32,
    /// The initiator's address, canonical text.
    pub address: TextId,
    /// Targets with their modified properties, canonical JSON.
    pub targets: TextId,
    /// Additional details, canonical JSON of key and value.
    pub details: TextId,
    /// User agent.
    pub agent: TextId,
    /// [`super::tuples::Tenants`].
    pub tenants: u32,
    /// What the record leaves open.
    pub doubts: Doubts,
    /// Always zero.
    pub pad: [u8; 7],
}
