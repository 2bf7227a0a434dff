//! A [`Part`] as a list of byte buffers, to move it from one worker's memory to another's.
//!
//! The first buffer is a header: one byte of version, then JSON with the tally and the counts. Then
//! come what the part says of events of others, as JSON, its databases, the texts (bytes, ends), the tuples, and the rows in the chunks they already stand in.
//! Sending hands out one buffer at a time and frees what it has handed out, so that a part never
//! stands twice in the sender's memory.

use crate::order::{Map, Set};

use bytemuck::Pod;
use serde::{Deserialize, Serialize};

use crate::enrichment::{Database, Enrichment};
use crate::events::Store;
use crate::events::chunked::Chunked;
use crate::events::dictionary::{Texts, Tuples};
use crate::events::time::DayOrderEvidence;
use crate::formats::{self, Tally};
use crate::order::Gather;

use super::{Part, Refused};

/// Version of this layout. Both ends are always of one build; the byte is there to notice if not.
pub const VERSION: u8 = 3;

/// Why a list of buffers is not a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damaged {
    /// Another version of this layout, or no header at all.
    #[error("the header is missing or of another version")]
    Version,
    /// The header is not what the version promises.
    #[error("the header cannot be read")]
    Header,
    /// Fewer buffers, or shorter ones, than the header announces; or more.
    #[error("the buffers do not have the lengths that the header gives")]
    Length,
    /// A dictionary holds something twice, or text that is none.
    #[error("a dictionary is damaged")]
    Dictionary,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    name: String,
    input: u32,
    from: u64,
    bytes: u64,
    records: u64,
    known: u64,
    enriching: u64,
    databases: u64,
    refused: Vec<(u64, u64, String)>,
    refused_total: u64,
    fingerprint: u64,
    failure: Option<String>,
    whole: bool,
    formats: Set<String>,
    marks: Set<String>,
    other: Map<String, u64>,
    damaged: Map<String, u64>,
    flattened: Map<String, u64>,
    day_first: bool,
    month_first: bool,
    american: bool,
    ambiguous_days: u64,
    without_zone: u64,
    local_times: u64,
    pages: (u64, u64),
    previews: u64,
    languages: Set<String>,
    sheets: Map<u16, String>,
    sign_ins: u64,
    audits: u64,
    activities: u64,
    risk_events: u64,
    steps: u64,
}

/// Hands out a part, buffer by buffer.
pub fn send(part: Part, sink: &mut dyn FnMut(&[u8])) {
    let Part {
        name,
        input,
        from,
        bytes,
        mut store,
        tally,
        enrichment,
        records,
        known,
        enriching,
        refused,
        refused_total,
        fingerprint,
        failure,
        whole,
    } = part;
    let Tally {
        formats,
        marks,
        other,
        damaged,
        flattened,
        days,
        ambiguous_days,
        without_zone,
        local_times,
        pages,
        previews,
        languages,
        sheets,
    } = tally;
    let header = Header {
        name,
        input,
        from,
        bytes,
        records,
        known,
        enriching,
        databases: enrichment.databases.len() as u64,
        refused: refused.into_iter().map(|Refused { record, offset, reason }| (record, offset, reason)).collect(),
        refused_total,
        fingerprint,
        failure,
        whole,
        formats: formats.into_iter().map(str::to_owned).collect(),
        marks,
        other,
        damaged: by_name(damaged),
        flattened: by_name(flattened),
        day_first: days.day_first,
        month_first: days.month_first,
        american: days.american,
        ambiguous_days,
        without_zone,
        local_times,
        pages,
        previews,
        languages,
        sheets,
        sign_ins: store.sign_ins.len() as u64,
        audits: store.audits.len() as u64,
        activities: store.activities.len() as u64,
        risk_events: store.risk_events.len() as u64,
        steps: store.steps.len() as u64,
    };
    let mut first = vec![VERSION];
    // Writing plain fields to memory cannot fail; were it to, the receiver would say so.
    if serde_json::to_writer(&mut first, &header).is_err() {
        first.clear();
    }
    sink(&first);
    sink(&serde_json::to_vec(&enrichment).unwrap_or_default());
    for database in enrichment.databases {
        sink(database.bytes());
    }
    let (text, ends) = store.texts.raw();
    sink(text.as_bytes());
    sink(bytemuck::cast_slice(ends));
    store.texts = Texts::new(0);
    sink(bytemuck::cast_slice(store.users.rows()));
    sink(bytemuck::cast_slice(store.apps.rows()));
    sink(bytemuck::cast_slice(store.tenants.rows()));
    sink(bytemuck::cast_slice(store.locations.rows()));
    sink(bytemuck::cast_slice(store.devices.rows()));
    sink(bytemuck::cast_slice(store.outcomes.rows()));
    sink(bytemuck::cast_slice(store.risks.rows()));
    sink(bytemuck::cast_slice(store.principals.rows()));
    sink(bytemuck::cast_slice(store.ids.rows()));
    send_rows(&mut store.sign_ins, sink);
    send_rows(&mut store.audits, sink);
    send_rows(&mut store.activities, sink);
    send_rows(&mut store.risk_events, sink);
    send_rows(&mut store.steps, sink);
}

fn send_rows<T: Pod>(rows: &mut Chunked<T>, sink: &mut dyn FnMut(&[u8])) {
    for chunk in rows.drain_chunks() {
        sink(bytemuck::cast_slice(&chunk));
    }
}

/// Puts a part together again from the buffers that [`send`] handed out, in their order.
///
/// # Errors
/// When the buffers are not such a list.
pub fn receive<B: AsRef<[u8]>>(buffers: impl IntoIterator<Item = B>) -> Result<Part, Damaged> {
    let mut buffers = buffers.into_iter();
    let first = buffers.next().ok_or(Damaged::Version)?;
    let Some((&VERSION, json)) = first.as_ref().split_first() else { return Err(Damaged::Version) };
    let header: Header = serde_json::from_slice(json).map_err(|_| Damaged::Header)?;
    // Keyed by what was read, as the hashes of the sender were.
    let seed = header.fingerprint;
    let mut store = Store::new(seed);
    let enrichment = buffers.next().ok_or(Damaged::Length)?;
    let mut enrichment: Enrichment = serde_json::from_slice(enrichment.as_ref()).map_err(|_| Damaged::Header)?;
    for _ in 0..header.databases {
        let bytes = buffers.next().ok_or(Damaged::Length)?;
        enrichment.databases.push(Database::open(bytes.as_ref().to_vec()).ok_or(Damaged::Header)?);
    }
    let text = buffers.next().ok_or(Damaged::Length)?;
    let text = std::str::from_utf8(text.as_ref()).map_err(|_| Damaged::Dictionary)?.to_owned();
    let ends = receive_list(&mut buffers)?;
    store.texts = Texts::restore(seed, text, ends).ok_or(Damaged::Dictionary)?;
    receive_tuples(&mut store.users, seed, &mut buffers)?;
    receive_tuples(&mut store.apps, seed, &mut buffers)?;
    receive_tuples(&mut store.tenants, seed, &mut buffers)?;
    receive_tuples(&mut store.locations, seed, &mut buffers)?;
    receive_tuples(&mut store.devices, seed, &mut buffers)?;
    receive_tuples(&mut store.outcomes, seed, &mut buffers)?;
    receive_tuples(&mut store.risks, seed, &mut buffers)?;
    receive_tuples(&mut store.principals, seed, &mut buffers)?;
    receive_tuples(&mut store.ids, seed, &mut buffers)?;
    store.sign_ins = receive_rows(header.sign_ins, &mut buffers)?;
    store.audits = receive_rows(header.audits, &mut buffers)?;
    store.activities = receive_rows(header.activities, &mut buffers)?;
    store.risk_events = receive_rows(header.risk_events, &mut buffers)?;
    store.steps = receive_rows(header.steps, &mut buffers)?;
    if buffers.next().is_some() {
        return Err(Damaged::Length);
    }
    part(header, store, enrichment)
}

fn part(header: Header, store: Store, enrichment: Enrichment) -> Result<Part, Damaged> {
    let formats = header.formats.iter().map(|name| format_name(name)).collect::<Option<_>>();
    let tally = Tally {
        formats: formats.ok_or(Damaged::Header)?,
        marks: header.marks,
        other: header.other,
        damaged: by_column(&header.damaged)?,
        flattened: by_column(&header.flattened)?,
        days: DayOrderEvidence {
            day_first: header.day_first,
            month_first: header.month_first,
            american: header.american,
        },
        ambiguous_days: header.ambiguous_days,
        without_zone: header.without_zone,
        local_times: header.local_times,
        pages: header.pages,
        previews: header.previews,
        languages: header.languages,
        sheets: header.sheets,
    };
    Ok(Part {
        name: header.name,
        input: header.input,
        from: header.from,
        bytes: header.bytes,
        store,
        tally,
        enrichment,
        records: header.records,
        known: header.known,
        enriching: header.enriching,
        refused: header
            .refused
            .into_iter()
            .map(|(record, offset, reason)| Refused { record, offset, reason })
            .collect(),
        refused_total: header.refused_total,
        fingerprint: header.fingerprint,
        failure: header.failure,
        whole: header.whole,
    })
}

fn format_name(name: &str) -> Option<&'static str> {
    let beside = formats::BESIDE.iter().map(|(name, _)| *name);
    formats::ALL.iter().map(|format| format.name).chain(beside).find(|known| *known == name)
}

fn by_name(counts: Map<&'static str, u64>) -> Map<String, u64> {
    counts.into_iter().map(|(column, count)| (column.to_owned(), count)).gather()
}

fn by_column(counts: &Map<String, u64>) -> Result<Map<&'static str, u64>, Damaged> {
    counts.iter().map(|(name, count)| Tally::name(name).map(|name| (name, *count)).ok_or(Damaged::Header)).collect()
}

/// A whole list from one buffer, which need not be aligned.
fn receive_list<T: Pod, B: AsRef<[u8]>>(buffers: &mut impl Iterator<Item = B>) -> Result<Vec<T>, Damaged> {
    let buffer = buffers.next().ok_or(Damaged::Length)?;
    let buffer = buffer.as_ref();
    if !buffer.len().is_multiple_of(size_of::<T>()) {
        return Err(Damaged::Length);
    }
    Ok(buffer.chunks_exact(size_of::<T>()).map(bytemuck::pod_read_unaligned).collect())
}

/// Replaces an empty dictionary by the one received, which begins with the same fixed tuples.
fn receive_tuples<T: Copy + Eq + std::hash::Hash + Pod, B: AsRef<[u8]>>(
    tuples: &mut Tuples<T>,
    seed: u64,
    buffers: &mut impl Iterator<Item = B>,
) -> Result<(), Damaged> {
    let rows: Vec<T> = receive_list(buffers)?;
    if !rows.starts_with(tuples.rows()) {
        return Err(Damaged::Dictionary);
    }
    *tuples = Tuples::restore(seed, rows).ok_or(Damaged::Dictionary)?;
    Ok(())
}

fn receive_rows<T: Pod, B: AsRef<[u8]>>(
    count: u64,
    buffers: &mut impl Iterator<Item = B>,
) -> Result<Chunked<T>, Damaged> {
    let mut rows = Chunked::default();
    while (rows.len() as u64) < count {
        let chunk: Vec<T> = receive_list(buffers)?;
        if chunk.is_empty() {
            return Err(Damaged::Length);
        }
        chunk.into_iter().for_each(|row| rows.push(row));
    }
    if rows.len() as u64 == count { Ok(rows) } else { Err(Damaged::Length) }
}

#[cfg(test)]
#[path = "transfer_tests.rs"]
mod tests;
