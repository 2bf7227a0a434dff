//! What coverage asks of times: how long users are seen, and whose events are looked at alone.

use super::Case;

/// How long each user signs in for in the exports, in microseconds.
pub(super) fn lengths(case: &Case) -> Vec<u64> {
    let time = |number: Option<&u32>| number.and_then(|number| case.store.sign_in(*number)).map(|row| row.time);
    let users = case.buckets.iter().filter(|bucket| {
        let first = bucket.sign_ins.first().and_then(|number| case.store.sign_in(*number));
        first.is_some_and(|row| row.stream().is_user())
    });
    let span = |list: &[u32]| Some(time(list.last())?.abs_diff(time(list.first())?));
    users.filter_map(|bucket| span(&bucket.sign_ins)).collect()
}

/// Events that are looked at beside those of their own input only, for their times are open, and not
/// with all others of their tenant.
#[derive(Debug, Default)]
pub(super) struct Apart {
    pub(super) sign_ins: u64,
    pub(super) audits: u64,
}

impl Apart {
    pub(super) fn of(case: &Case) -> Self {
        let mut apart = Self::default();
        for (number, known) in case.realms.iter().enumerate() {
            let tenant = known.realm.tenant;
            let alone = case.realms.iter().filter(|other| other.realm.tenant == tenant).count() < 2;
            if known.realm.open.is_some() && !alone {
                let summary = case.summary_of(number as u32);
                apart.sign_ins += summary.user_sign_ins();
                apart.audits += summary.audits;
            }
        }
        apart
    }
}
