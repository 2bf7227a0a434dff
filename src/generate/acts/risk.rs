//! What Identity Protection sees: much that is nothing, and something of what intruders do.

use crate::events::vocabulary::Stream;
use crate::generate::networks;
use crate::generate::random::Random;
use crate::generate::record::{Risk, SignIn};

/// A detection about a sign-in.
pub(in crate::generate) fn detection(
    random: &mut Random,
    row: &SignIn,
    kind: &'static str,
    level: &'static str,
    (state, detail): (&'static str, &'static str),
) -> Risk {
    Risk {
        time: row.time,
        detected: row.time + random.between(6 * 60, 5 * 60 * 60) * 1_000_000,
        id: random.guid(),
        kind,
        level,
        state,
        detail,
        request: row.id,
        correlation: row.correlation,
        user: row.user.clone(),
        place: row.place.clone(),
        agent: row.client.agent.clone(),
    }
}

/// What is detected of somebody who does nothing wrong: travellers, people in a new browser, relays of a
/// phone's maker.
pub(super) fn noise(random: &mut Random, row: &SignIn, per_hundred: u32) -> Option<Risk> {
    if !row.stream.is_user() || per_hundred == 0 || row.code != 0 {
        return None;
    }
    let (kind, per_mille) = if networks::is_away(&row.place) {
        ("unlikelyTravel", 40)
    } else if row.stream == Stream::Interactive {
        ("unfamiliarFeatures", 12)
    } else {
        ("anonymizedIPAddress", 1)
    };
    let ends =
        random.pick(&[("dismissed", "aiConfirmedSigninSafe"), ("remediated", "userPassedMFADrivenByRiskBasedPolicy")]);
    (random.below(1_000) < per_mille).then(|| detection(random, row, kind, "low", ends))
}
