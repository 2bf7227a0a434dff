//! What is known of an entity, in pairs of name and value.

use crate::analysis::Case;
use crate::events::Guid;
use crate::knowledge::{apps, foci, public_clients};
use crate::report::page::column::{Column, Named, is_called};
use crate::report::page::dense::Index;
use crate::report::page::hand::{network, network_name, place, rented};
use crate::report::page::picked::Picked;
use crate::report::visible;
use crate::tenant::PersonKind;

pub(super) fn facts(
    case: &Case,
    index: &Index,
    column: Column,
    picked: Option<&Picked>,
    named: &Named,
) -> Vec<(String, String)> {
    let mut facts: Vec<(String, String)> = Vec::new();
    let mut say = |name: &str, value: String| {
        if !value.is_empty() {
            facts.push((name.to_owned(), visible(&value)));
        }
    };
    let found = || {
        let mut taken =
            index.order.iter().zip(0..).filter(|(_, place)| picked.is_some_and(|picked| picked.takes(*place)));
        taken.next().and_then(|(number, _)| case.store.sign_in(*number)).copied()
    };
    match column {
        Column::User => {
            let person = (0..)
                .zip(0..case.people.len())
                .map(|(number, _)| number)
                .find(|&number: &u32| is_called(case, number, named.value.as_deref()));
            if let Some(person) = person.and_then(|number| case.people.get(number)) {
                say("Kind", kind(person.kind).to_owned());
                say("Object id", person.id.display(&case.store.texts));
                let classes: Vec<&str> = person.classes.iter().map(crate::enrichment::UserClass::words).collect();
                say("Besides", classes.join(", "));
            }
        }
        Column::Address => {
            if let Some(row) = found() {
                let network = network(case, &row);
                say("Network", network.map(network_name).unwrap_or_default());
                say("Rented out as", network.and_then(rented).unwrap_or_default().to_owned());
                let microsoft = network.is_some_and(|network| network.is_microsoft());
                say("Whose", if microsoft { "Microsoft’s own service".to_owned() } else { String::new() });
                let is_own =
                    network.is_some_and(|network| case.own_networks.realms().any(|networks| networks.has(&network)));
                say(
                    "The organisation’s",
                    if is_own { "yes, by how many sign in from it or as told".to_owned() } else { String::new() },
                );
                let (city, country) = place(case, &row);
                say(
                    "Place",
                    [city, country].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", "),
                );
            }
        }
        Column::Device => {
            if let Some(row) = found() {
                let device = case.store.device(row.device);
                let texts = &case.store.texts;
                say("Device id", named.value.clone().unwrap_or_default());
                say("System", texts.get(device.system).to_owned());
                say("Trust", texts.get(device.trust).to_owned());
                say("Managed", device.managed.text().to_owned());
                say("Compliant", device.compliant.text().to_owned());
            }
        }
        Column::App | Column::Resource => {
            if let Some(id) = named.value.as_deref().and_then(Guid::parse) {
                say("Application id", id.to_string());
                say("Known as", apps::app_name(id).unwrap_or_default().to_owned());
                let yes = |is: bool, text: &str| if is { text.to_owned() } else { String::new() };
                say("Family", yes(foci::family_client(id).is_some(), "its refresh tokens work for all family clients"));
                say(
                    "Public client",
                    yes(public_clients::public_client(id).is_some(), "anybody can ask for tokens in its name"),
                );
                say("Often abused", yes(apps::is_often_abused(id), "intruders are known to consent to it"));
            }
        }
        _ => {}
    }
    facts
}

const fn kind(kind: PersonKind) -> &'static str {
    match kind {
        PersonKind::Partner => "of a partner",
        PersonKind::Member => "member",
        PersonKind::Guest => "guest",
        PersonKind::ServicePrincipal => "service principal",
        PersonKind::ManagedIdentity => "managed identity",
        PersonKind::Unknown => "the records do not say",
    }
}
