//! The part of *a primary refresh token in unusual use* that tells of the Authentication Broker: it gets a token for a
//! resource that it is hardly ever asked for, or by an agent that no system's broker has.

use serde_json::json;

use crate::events::Guid;
use crate::knowledge::apps;

use super::device::resource;
use super::evidence::{moment, place, who};
use super::places::is_rented;
use super::single::successes;
use super::told::Strands;
use super::{Confidence, Severity, Subject};

/// Resources that the broker is asked for every day.
const USUAL: [Guid; 6] = [
    apps::AZURE_AD_GRAPH,
    Guid::from_u128(0x90a2e5d2_fd7a_4a2e_bc90_3dc50ae8e3ee),
    apps::DEVICE_REGISTRATION_SERVICE,
    Guid::from_u128(0xd4ebce55_015a_49b5_a083_c84d1797ae8c),
    apps::MICROSOFT_GRAPH,
    Guid::from_u128(0x0a5f63c0_b750_4f38_a71c_4fc0d58b89e2),
];

/// Facts: `resource`; `agent`.
pub(super) fn look(subject: &Subject<'_>, strands: &mut Strands<'_>) {
    let view = subject.view;
    for (number, row) in successes(view).filter(|(_, row)| view.app(row) == Some(apps::AUTHENTICATION_BROKER)) {
        let agent = view.store.texts.get(row.agent).trim();
        let strange_agent = !agent.is_empty() && !is_broker_agent(agent);
        let rare = || view.tenant.rarity.is_rare(row, view.store, 3, 1);
        let strange_resource = resource(view, row).is_some_and(|id| !USUAL.contains(&id)) && rare();
        if !strange_agent && !strange_resource {
            continue;
        }
        let rented = is_rented(subject, row);
        let severity = if rented { Severity::High } else { Severity::Medium };
        let confidence = if strange_agent { Confidence::High } else { Confidence::Medium };
        strands.add("broker", &[number], (severity, confidence), || {
            let what = match strange_agent {
                true => format!("by the agent {agent}, which no system's broker has"),
                false => "which few users ask it for".to_owned(),
            };
            let why = format!(
                "The Authentication Broker got a token of {} for {} from {} at {}, {what}.{}",
                who(view),
                view.app_name(row.resource),
                place(view.network(row)),
                moment(row.time),
                if rented { " That is a hosting or VPN network." } else { "" }
            );
            (why, json!({"resource": view.app_name(row.resource), "agent": agent}))
        });
    }
}

/// Whether an agent is one of a system's broker.
fn is_broker_agent(agent: &str) -> bool {
    let agent = agent.to_ascii_lowercase();
    let starts = ["mozilla", "dalvik", "windows-azuread-authentication-provider"];
    starts.iter().any(|known| agent.starts_with(known))
        || agent.contains("cfnetwork")
        || (agent.starts_with("java") && agent.contains("thinkpad"))
}

#[cfg(test)]
mod tests {
    use super::is_broker_agent;

    #[test]
    fn brokers_of_systems_are_known_by_their_agent() {
        for agent in [
            "Mozilla/5.0 (iPhone)",
            "Dalvik/2.1.0 (Linux; U; Android 14)",
            "Windows-AzureAD-Authentication-Provider/1.0",
            "Broker/6.8 CFNetwork/1494 Darwin/23",
            "Java/1.8 ThinkPad",
        ] {
            assert!(is_broker_agent(agent), "{agent}");
        }
        for agent in ["python-requests/2.32", "Java/1.8", "ThinkPad", "axios/1.7"] {
            assert!(!is_broker_agent(agent), "{agent}");
        }
    }
}
