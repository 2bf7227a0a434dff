use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::enrichment::{Entry, NetworkKind, Span};
use crate::events::tuples::Tuple;
use crate::events::{Activity, Audit, RiskEvent, SignIn, Step};

/// What stands in a part, in a form that can be compared.
fn content(part: &Part) -> String {
    let texts: Vec<_> = part.store.texts.iter().collect();
    format!(
        "{:?}",
        (
            (
                &part.name,
                part.input,
                part.from,
                part.bytes,
                part.records,
                part.known,
                &part.refused,
                part.enriching,
                &part.enrichment
            ),
            (part.refused_total, part.fingerprint, &part.failure, part.whole, &part.tally),
            (texts, part.store.users.rows(), part.store.apps.rows(), part.store.tenants.rows()),
            (part.store.locations.rows(), part.store.devices.rows(), part.store.outcomes.rows()),
            (part.store.risks.rows(), part.store.principals.rows(), part.store.ids.rows()),
            part.store.sign_ins.iter().collect::<Vec<_>>(),
            part.store.audits.iter().collect::<Vec<_>>(),
            part.store.activities.iter().collect::<Vec<_>>(),
            part.store.risk_events.iter().collect::<Vec<_>>(),
            part.store.steps.iter().collect::<Vec<_>>(),
        )
    )
}

fn buffers(part: Part) -> Vec<Vec<u8>> {
    let mut sent = Vec::new();
    send(part, &mut |buffer| sent.push(buffer.to_vec()));
    sent
}

/// Rows of any bytes at all: whatever a row holds must arrive as it was.
fn rows<T: Pod + std::fmt::Debug>(most: usize) -> impl Strategy<Value = Vec<T>> {
    let row = vec(any::<u8>(), size_of::<T>()).prop_map(|bytes| bytemuck::pod_read_unaligned(&bytes));
    vec(row, 0..most)
}

fn intern<T: Tuple>(tuples: &mut Tuples<T>, rows: Vec<T>) {
    for row in rows {
        tuples.intern(row);
    }
}

fn tallies() -> impl Strategy<Value = Tally> {
    let formats: Vec<&'static str> = formats::ALL.iter().map(|format| format.name).collect();
    let columns: Vec<&'static str> =
        formats::Column::ALL.iter().map(|column| column.name()).chain([Tally::TEXT]).collect();
    (
        btree_set(select(formats), 0..3),
        btree_set(".*", 0..3),
        btree_map(".*", any::<u64>(), 0..3),
        btree_map(select(columns), any::<u64>(), 0..3),
        any::<(bool, bool, u64, u64)>(),
    )
        .prop_map(|(formats, marks, other, damaged, (day_first, month_first, ambiguous_days, without_zone))| {
            let damaged: crate::order::Map<&'static str, u64> = damaged.into_iter().collect();
            Tally {
                formats: formats.into_iter().collect(),
                other: other.into_iter().collect(),
                flattened: damaged.clone(),
                damaged,
                days: DayOrderEvidence { day_first, month_first, american: day_first != month_first },
                ambiguous_days,
                without_zone,
                local_times: without_zone / 2,
                pages: (3, 2),
                previews: 4,
                languages: marks.iter().take(1).cloned().collect(),
                sheets: marks.iter().take(2).cloned().zip(1..).map(|(name, number)| (number, name)).collect(),
                marks: marks.into_iter().collect(),
            }
        })
}

fn stores() -> impl Strategy<Value = Store> {
    let events = (rows::<SignIn>(9), rows::<Audit>(5), rows::<Activity>(5), rows::<RiskEvent>(5), rows::<Step>(5));
    let tuples = (rows(4), rows(4), rows(4), rows(4), rows(4), rows(4), rows(4), rows(4), rows(6));
    (any::<u64>(), vec(".*", 0..9), events, tuples).prop_map(|(seed, texts, events, tuples)| {
        let mut store = Store::new(seed);
        for text in texts {
            store.texts.intern(&text);
        }
        intern(&mut store.users, tuples.0);
        intern(&mut store.apps, tuples.1);
        intern(&mut store.tenants, tuples.2);
        intern(&mut store.locations, tuples.3);
        intern(&mut store.devices, tuples.4);
        intern(&mut store.outcomes, tuples.5);
        intern(&mut store.risks, tuples.6);
        intern(&mut store.principals, tuples.7);
        tuples.8.into_iter().for_each(|id| {
            store.ids.intern(id);
        });
        events.0.into_iter().for_each(|row| store.sign_ins.push(row));
        events.1.into_iter().for_each(|row| store.audits.push(row));
        events.2.into_iter().for_each(|row| store.activities.push(row));
        events.3.into_iter().for_each(|row| store.risk_events.push(row));
        events.4.into_iter().for_each(|row| store.steps.push(row));
        store
    })
}

fn entries() -> impl Strategy<Value = Entry> {
    let span = prop_oneof![
        any::<(u128, u128)>().prop_map(|(first, last)| Span::Addresses { first, last }),
        any::<u32>().prop_map(Span::System),
    ];
    (span, select(NetworkKind::ALL.to_vec()), ".*").prop_map(|(span, kind, name): (_, _, String)| Entry {
        span,
        kind,
        name: name.into(),
    })
}

fn parts() -> impl Strategy<Value = Part> {
    let refused = (any::<u64>(), any::<u64>(), ".*");
    let refused = refused.prop_map(|(record, offset, reason)| Refused { record, offset, reason });
    let plain = any::<(u32, u64, u64, u64, u64, u64, u64, u64, bool)>();
    let beside = (vec(refused, 0..3), proptest::option::of(".*"), vec(entries(), 0..3));
    (".*", plain, stores(), tallies(), beside).prop_map(|(name, plain, store, tally, (refused, failure, networks))| {
        let (input, from, bytes, records, known, enriching, refused_total, fingerprint, whole) = plain;
        Part {
            name,
            input,
            from,
            bytes,
            store,
            tally,
            enrichment: Enrichment { networks, ..Enrichment::default() },
            records,
            known,
            enriching,
            refused,
            refused_total,
            fingerprint,
            failure,
            whole,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_part_arrives_as_it_was_sent(part in parts()) {
        let before = content(&part);
        let arrived = receive(buffers(part)).expect("what was sent can be received");
        prop_assert_eq!(content(&arrived), before);
        // Its dictionaries work: a known text keeps its number.
        let mut store = arrived.store;
        let known: Vec<(_, String)> = store.texts.iter().map(|(id, text)| (id, text.to_owned())).collect();
        for (id, text) in known {
            prop_assert_eq!(store.texts.intern(&text), id);
        }
        for (index, id) in store.ids.rows().to_vec().into_iter().enumerate() {
            prop_assert_eq!(store.ids.intern(id) as usize, index);
        }
    }

    #[test]
    fn damaged_buffers_are_an_error_or_a_part_and_never_a_panic(
        part in parts(),
        harm in 0..5_u8,
        which in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        byte in 1..=255_u8,
    ) {
        let mut sent = buffers(part);
        let index = which.index(sent.len());
        match harm {
            0 => drop(sent.remove(index)),
            1 => sent.insert(index, vec![byte]),
            2 => sent.swap(index, 0),
            3 => {
                let length = sent[index].len();
                sent[index].truncate(if length == 0 { 0 } else { place.index(length) });
            }
            _ => {
                let length = sent[index].len();
                if length > 0 {
                    sent[index][place.index(length)] ^= byte;
                }
            }
        }
        if let Ok(arrived) = receive(&sent) {
            // Whatever it became can be gathered.
            let _case = crate::analysis::Case::gather(vec![arrived]);
        }
    }

    #[test]
    fn any_bytes_are_an_error_and_never_a_panic(noise in vec(vec(any::<u8>(), 0..80), 0..20)) {
        prop_assert!(receive(noise).is_err());
    }
}

#[test]
fn rows_cross_the_bounds_of_chunks() {
    let mut part = Part::default();
    for number in 0..40_000_u32 {
        part.store.sign_ins.push(SignIn { record: number, ..bytemuck::Zeroable::zeroed() });
    }
    let arrived = receive(buffers(part)).expect("what was sent can be received");
    assert_eq!(arrived.store.sign_ins.len(), 40_000);
    assert!(arrived.store.sign_ins.iter().map(|row| row.record).eq(0..40_000));
}

#[test]
fn another_version_is_noticed() {
    let mut sent = buffers(Part::default());
    sent[0][0] += 1;
    assert_eq!(receive(sent).unwrap_err(), Damaged::Version);
    assert_eq!(receive(Vec::<Vec<u8>>::new()).unwrap_err(), Damaged::Version);
}

#[test]
fn every_missing_buffer_is_noticed() {
    let sent = buffers(Part::default());
    for index in 0..sent.len() {
        let mut fewer = sent.clone();
        fewer.remove(index);
        assert!(receive(fewer).is_err(), "without buffer {index}");
    }
    let mut more = sent;
    more.push(Vec::new());
    assert_eq!(receive(more).unwrap_err(), Damaged::Length);
}
