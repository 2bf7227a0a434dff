//! Ways to sign in that conditional access can close, and nothing did.

use crate::events::Guid;
use crate::knowledge::apps;
use crate::tenant::{Flow, Summary};
use crate::words::{figure, list};

use super::NoticeKind;

/// Each flow, how sentences name it, and how to close it.
const FLOWS: [(Flow, &str, &str); 4] = [
    (
        Flow::DeviceCode,
        "by device code",
        "Block device code flow by conditional access (Conditions \u{203a} Authentication flows), but for those who need it.",
    ),
    (
        Flow::Ropc,
        "by a program that sent the password itself",
        "Demand a second factor for all applications: this grant cannot ask for one, and fails then.",
    ),
    (
        Flow::Legacy,
        "by protocols that know no second factor",
        "Block legacy authentication by conditional access (Conditions \u{203a} Client apps: Exchange ActiveSync, other clients).",
    ),
    (
        Flow::Transfer,
        "by authentication transfer",
        "Block authentication transfer by conditional access (Conditions \u{203a} Authentication flows), if nobody needs it.",
    ),
];

/// Applications that are named; more are counted.
const NAMED: usize = 3;

pub(super) fn of_all(summary: &Summary, add: &mut dyn FnMut(NoticeKind, String, &str)) {
    for (flow, words, next) in FLOWS {
        let by_app = summary.flows.by_app(flow);
        let total: u64 = by_app.iter().map(|(_, count)| count).sum();
        if total == 0 {
            continue;
        }
        let mut named: Vec<String> =
            by_app.iter().take(NAMED).map(|(app, count)| format!("{} {}", name(*app), figure(*count))).collect();
        let more: u64 = by_app.iter().skip(NAMED).map(|(_, count)| count).sum();
        if more > 0 {
            named.push(format!("others {}", figure(more)));
        }
        let sign_ins = if total == 1 { "sign-in" } else { "sign-ins" };
        let text =
            format!("{} {sign_ins} {words} succeeded ({}): no policy stopped them.", figure(total), list(&named));
        add(NoticeKind::PolicyGap, text, next);
    }
}

fn name(app: Option<Guid>) -> String {
    let Some(app) = app else { return "an unknown application".to_owned() };
    apps::app_name(app).map_or_else(|| app.to_string(), str::to_owned)
}
