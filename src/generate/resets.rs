//! What a password reset does to the sessions of the person: they end, and the person signs in anew.

use crate::order::{Map, Set};

use crate::events::vocabulary::Stream;
use crate::order::{Arrange, Gather};

use super::Tenant;
use super::random::Random;
use super::session::{APP_APPROVED, PASSWORD};

/// Makes the sessions of people whose password was reset begin anew after it. A reset in the midst of an
/// incident would end that, too: there it is left out.
pub(super) fn follow(random: &Random, tenant: &mut Tenant) {
    let mut random = random.child("resets", 0);
    let labelled: Set<&str> = tenant.labels.iter().map(|label| label.event.as_str()).gather();
    let parts = tenant.sign_ins.iter().filter(|row| labelled.contains(row.id.to_string().as_str()));
    let victims: Set<String> = parts.map(|row| row.user.id.clone()).gather();
    let mut resets: Map<String, Vec<i64>> = Map::new();
    tenant.audits.retain(|row| {
        let target = row.targets.first().filter(|_| row.operation == "Reset user password");
        let Some(target) = target.filter(|_| !labelled.contains(row.id.as_str())) else { return true };
        if victims.contains(&target.id) {
            return false;
        }
        resets.entry(target.id.clone()).or_default().push(row.time);
        true
    });
    let mut rows: Vec<usize> = (0..tenant.sign_ins.len()).collect();
    rows.arrange_by_key(|&place| tenant.sign_ins.get(place).map(|row| (row.time, row.id)));
    // After how many of the person's resets a session began, and what it is called after each later one.
    let mut began: Map<String, usize> = Map::new();
    let mut anew: Map<(String, usize), String> = Map::new();
    for place in rows {
        let Some(row) = tenant.sign_ins.get_mut(place).filter(|row| !row.session.is_empty()) else { continue };
        let Some(all) = resets.get(&row.user.id) else { continue };
        let after = all.iter().filter(|reset| **reset < row.time).count();
        if *began.entry(row.session.clone()).or_insert(after) == after {
            continue;
        }
        if let Some(session) = anew.get(&(row.session.clone(), after)) {
            row.session.clone_from(session);
        } else {
            let head = row.session.get(..8).unwrap_or_default().to_owned();
            let session = format!("{head}{}", random.guid().to_string().get(8..).unwrap_or_default());
            anew.insert((std::mem::replace(&mut row.session, session.clone()), after), session);
            row.stream = Stream::Interactive;
            row.incoming = "none";
            row.steps = vec![PASSWORD, APP_APPROVED];
            row.details = "MFA completed in Azure AD";
            row.code = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::generate::{Settings, tenant};

    #[test]
    fn no_session_outlives_a_reset() {
        let mut resets = 0;
        for seed in 1..4 {
            let tenant = tenant(&Settings { seed, users: 120, ..Settings::default() });
            for reset in tenant.audits.iter().filter(|row| row.operation == "Reset user password") {
                let Some(target) = reset.targets.first() else { continue };
                let own = || tenant.sign_ins.iter().filter(|row| row.user.id == target.id && !row.session.is_empty());
                let before: Vec<&str> =
                    own().filter(|row| row.time <= reset.time).map(|row| row.session.as_str()).collect();
                resets += usize::from(!before.is_empty());
                assert!(
                    own().all(|row| row.time <= reset.time || !before.contains(&row.session.as_str())),
                    "seed {seed}"
                );
            }
        }
        assert!(resets > 0, "nobody's password was reset");
    }
}
