//! What somebody did with what they had signed in to: mailboxes, files, Teams, calls of Graph.

use bytemuck::{Pod, Zeroable};

use super::Store;
use super::dictionary::TextId;
use super::id::Id;
use super::sign_in::IdRef;
use super::vocabulary::{Doubts, Protocol};

/// An act outside the directory, as the unified audit log, Defender, the log of Graph calls, or
/// another category of Azure Monitor tells it.
///
/// Fields of type `u32` without a word of their own are numbers of tuples in the store.
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
    /// [`super::tuples::App`]: the client that did it.
    pub app: u32,
    /// [`super::tuples::Principal`] that did it, where no user did.
    pub principal: u32,
    /// [`super::tuples::Tenants`].
    pub tenants: u32,
    /// [`super::tuples::Device`].
    pub device: u32,
    /// Session id, comparable with that of sign-ins; see [`Activity::session_id`].
    pub session: IdRef,
    /// Unique token id, comparable with that of sign-ins; see [`Activity::token_id`].
    pub token: IdRef,
    /// Workload (`Exchange`, `SharePoint`, `OneDrive`, `MicrosoftTeams`…), or the category of the log.
    pub category: TextId,
    /// Operation, one final dot trimmed: `New-InboxRule`, `FileDownloaded`. Of a call of Graph its method.
    pub operation: TextId,
    /// What it was done to: a mailbox, folder, file address, request address.
    pub object: TextId,
    /// Whose mailbox it was done to, lower-case, where the record says so.
    pub owner: TextId,
    /// Address, canonical text.
    pub address: TextId,
    /// User agent.
    pub agent: TextId,
    /// What the client says of itself (`Client=OWA;Action=ViaProxy`).
    pub client: TextId,
    /// How it ended, lower-case; of a call of Graph the status code.
    pub result: TextId,
    /// Scopes or roles of the token, joined by blanks.
    pub scopes: TextId,
    /// Parameters, modified properties and properties of the operation: canonical JSON, a list of
    /// pairs of name and value.
    pub parameters: TextId,
    /// How many items it touched; 0 where the record does not say.
    pub items: u32,
    /// Message ids of the mails it touched, joined by blanks: so many of a record at most.
    pub messages: TextId,
    /// Authentication protocol.
    pub protocol: Protocol,
    /// What the record leaves open.
    pub doubts: Doubts,
    /// Always zero.
    pub pad: [u8; 2],
}

impl Activity {
    /// Session id.
    #[must_use]
    pub fn session_id(&self, store: &Store) -> Id {
        store.ids.find(self.session.0).copied().unwrap_or(Id::ABSENT)
    }

    /// Unique token id.
    #[must_use]
    pub fn token_id(&self, store: &Store) -> Id {
        store.ids.find(self.token.0).copied().unwrap_or(Id::ABSENT)
    }

    /// Whether it is a call of Microsoft Graph or Azure AD Graph: its operation is a method of HTTP.
    #[must_use]
    pub fn is_call(&self, store: &Store) -> bool {
        const METHODS: [&str; 6] = ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD"];
        let operation = store.texts.get(self.operation);
        METHODS.iter().any(|method| operation.eq_ignore_ascii_case(method))
    }
}
