//! A record of an Azure Monitor category that is no sign-in, kept for who called what.

use bytemuck::{Pod, Zeroable};

use super::dictionary::TextId;
use super::id::Id;
use super::vocabulary::{Doubts, Protocol};

/// What an activity record says of the token behind it.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Activity {
    /// When it happened, in microseconds UTC.
    pub time: i64,
    /// Byte offset of the record.
    pub offset: u64,
    /// The record's own id.
    pub id: Id,
    /// Number of the record in its input.
    pub record: u32,
    /// Input the record came from.
    pub input: u32,
    /// [`super::tuples::User`].
    pub user: u32,
    /// [`super::tuples::App`].
    pub app: u32,
    /// [`super::tuples::Tenants`].
    pub tenants: u32,
    /// Category of the record.
    pub category: TextId,
    /// Address, canonical text.
    pub address: TextId,
    /// Session id, by its text.
    pub session: TextId,
    /// Authentication protocol.
    pub protocol: Protocol,
    /// What the record leaves open.
    pub doubts: Doubts,
    /// Always zero.
    pub pad: [u8; 6],
}
