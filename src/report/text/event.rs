//! Where an event came from, and where its record stands.

use crate::report::schema::Spot;
use crate::report::visible;
use crate::sessions::{EventRef, View};

use super::super::Report;
use super::words::number;

/// Where it came from, in words that are safe to show; empty where the record does not say.
pub(super) fn whence(view: &View<'_>, event: EventRef) -> String {
    let text = match event {
        EventRef::SignIn(number) => view.store.sign_in(number).map(|row| {
            let network = view.network(row).map(|network| network.label());
            let country = view.country(row).map(|country| view.store.texts.get(country).to_owned());
            let device = view.store.texts.value(view.store.device(row.device).name).map(str::to_owned);
            [network, country, device, Some(view.agent(row).label())]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", ")
        }),
        EventRef::Audit(_) | EventRef::Activity(_) | EventRef::Risk(_) => {
            event.head(view.store).map(|head| address(view, head.address))
        }
    };
    visible(&text.unwrap_or_default())
}

/// Where a record stands: input, number of the record, byte or row.
pub(super) fn place(report: &Report, input: u32, record: u64, spot: &Spot) -> String {
    let name = report.inputs.get(input as usize).map_or("", |input| input.name.as_str());
    format!("{}, record {}, {}", visible(name), number(record), visible(&spot.words()))
}

fn address(view: &View<'_>, address: crate::events::TextId) -> String {
    let network = view.tenant.network(view.store, address, 0);
    network.map_or_else(|| view.store.texts.get(address).to_owned(), |network| network.label())
}
