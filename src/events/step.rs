//! A step of authentication that an export keeps apart from its sign-in.

use bytemuck::{Pod, Zeroable};

use super::dictionary::TextId;
use super::id::Id;

/// One step of a sign-in, which is found by its id. The admin center writes them to a file of
/// their own; the order of the rows is that of the steps.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Step {
    /// Byte offset of the record.
    pub offset: u64,
    /// The sign-in's own id.
    pub sign_in: Id,
    /// Number of the record in its input.
    pub record: u32,
    /// Input the record came from.
    pub input: u32,
    /// The step in the form in which a sign-in keeps its steps: a list of one.
    pub step: TextId,
    /// Always zero.
    pub pad: u32,
}
