//! Near misses of *a family refresh token redeemed by a tool*.

use std::sync::Arc;

use crate::events::vocabulary::Stream;
use crate::generate::apps::{self, App};
use crate::generate::record::{Device, SignIn, User};
use crate::generate::time::{MINUTE, SECOND};

use super::{Bench, ZERO, mixed_case};

/// A first in Teams at a full minute, and 20 minutes later a second in Azure CLI with a refresh token,
/// on a device that does not comply: a match, until a case changes it.
struct Pair {
    first: SignIn,
    second: SignIn,
    /// Further records, with what each is.
    more: Vec<(&'static str, SignIn)>,
    /// Somebody else.
    stranger: Arc<User>,
    /// Another GUID.
    other: String,
}

impl Pair {
    /// Both so many seconds after the full minute.
    fn at(&mut self, first: i64, second: i64) {
        let minute = self.first.time;
        self.first.time = minute + first * SECOND;
        self.second.time = minute + second * SECOND;
    }

    /// The second's token carries a role.
    fn role(&mut self, role: &str) {
        self.second.roles.push(role.to_owned());
    }

    fn compliance(&mut self, compliant: Option<bool>) {
        if let Some(device) = &self.second.device {
            self.second.device = Some(Arc::new(Device { compliant, ..Device::clone(device) }));
        }
    }

    fn both(&mut self, change: impl Fn(&mut SignIn)) {
        change(&mut self.first);
        change(&mut self.second);
    }
}

const UPPER_CASE_CLI: App = App { id: "04B07795-8DDB-461A-BBEE-02F9E1BF7B46", name: "Microsoft Azure CLI" };
const MIXED_CASE_TEAMS: App = App { id: "1FEC8e78-bce4-4AAF-ab1b-5451CC387264", name: "Microsoft Teams" };

/// Template id of a role that opens less than all.
const EXCHANGE_ADMINISTRATOR: &str = "29232cdf-9323-42fd-ade2-1d097af3e4de";

type Case = (&'static str, fn(&mut Pair));

/// A reason each. Where it does not say *no match* the pair is one, at least under some tuning.
const CASES: &[Case] = &[
    ("none: an ordinary pair", |_| {}),
    // Sessions.
    ("no match: no session id", |pair| pair.both(|row| row.session.clear())),
    ("no match: session ids of zeros", |pair| pair.both(|row| ZERO.clone_into(&mut row.session))),
    ("no match: another session", |pair| pair.second.session = pair.other.clone()),
    ("no match: only the first has a session id", |pair| pair.second.session.clear()),
    ("session id in mixed case", |pair| pair.second.session = mixed_case(&pair.second.session)),
    ("session id that is no GUID", |pair| pair.both(|row| "legacy session 7".clone_into(&mut row.session))),
    // Tenants.
    ("no match: the second's resource is in another tenant", |pair| pair.second.resource_tenant = pair.other.clone()),
    ("no match: the first's resource is in another tenant", |pair| pair.first.resource_tenant = pair.other.clone()),
    ("no match: the user is of another tenant", |pair| {
        let other = pair.other.clone();
        pair.both(|row| row.home_tenant.clone_from(&other));
    }),
    ("tenant ids are missing", |pair| pair.both(|row| row.home_tenant.clear())),
    ("tenant ids are zeros", |pair| pair.second.resource_tenant = ZERO.to_owned()),
    ("home tenant in mixed case", |pair| pair.second.home_tenant = mixed_case(&pair.second.home_tenant)),
    // Users.
    ("no match: another user in the same session", |pair| pair.second.user = Arc::clone(&pair.stranger)),
    ("no match: another user of the same name", |pair| {
        let name = pair.first.user.name.clone();
        pair.second.user = Arc::new(User { name, ..User::clone(&pair.stranger) });
    }),
    ("no match: user ids are zeros, names differ", |pair| {
        let nobody = |user: &User| Arc::new(User { id: ZERO.to_owned(), ..user.clone() });
        pair.second.user = nobody(&pair.stranger);
        pair.first.user = nobody(&pair.first.user);
    }),
    ("user ids are zeros, names are the same", |pair| {
        let user = Arc::new(User { id: ZERO.to_owned(), ..User::clone(&pair.first.user) });
        pair.both(|row| row.user = Arc::clone(&user));
    }),
    ("user id and name in mixed case", |pair| {
        let user = User::clone(&pair.second.user);
        pair.second.user = Arc::new(User { id: mixed_case(&user.id), name: mixed_case(&user.name), ..user });
    }),
    // Applications.
    ("no match: the same application", |pair| pair.first.app = apps::AZURE_CLI),
    ("no match: the same application in other letters", |pair| {
        pair.first.app = apps::AZURE_CLI;
        pair.second.app = UPPER_CASE_CLI;
    }),
    ("no match: the first is not of the family", |pair| pair.first.app = apps::OUTLOOK_WEB),
    ("no match: the second is not of the family", |pair| pair.second.app = apps::VS_CODE),
    ("no match: the second is of the family and no target", |pair| pair.second.app = apps::ONEDRIVE),
    ("the second is Azure PowerShell", |pair| pair.second.app = apps::AZURE_POWERSHELL),
    ("the second is Office 365 Management", |pair| pair.second.app = apps::OFFICE_MANAGEMENT),
    ("the first is a tool too", |pair| {
        pair.first.app = apps::AZURE_CLI;
        pair.second.app = apps::AZURE_POWERSHELL;
    }),
    ("application ids in mixed case", |pair| {
        pair.first.app = MIXED_CASE_TEAMS;
        pair.second.app = UPPER_CASE_CLI;
    }),
    // Tokens.
    ("no match: the first brings a token", |pair| pair.first.incoming = "primaryRefreshToken"),
    ("no match: the second brings none", |pair| pair.second.incoming = "none"),
    ("no match: nobody knows what the first brings", |pair| pair.first.incoming = ""),
    ("no match: nobody knows what the second brings", |pair| pair.second.incoming = ""),
    ("the second brings a primary refresh token", |pair| pair.second.incoming = "primaryRefreshToken"),
    ("the second brings two tokens", |pair| pair.second.incoming = "primaryRefreshToken,saml11"),
    ("the second brings a token without a name", |pair| pair.second.incoming = "unknownFutureValue"),
    ("the first brings None", |pair| pair.first.incoming = "None"),
    // Time, by the minutes' boundaries.
    ("no match: a second before, in the minute before", |pair| pair.at(0, -1)),
    ("no match: a minute before", |pair| pair.at(0, -60)),
    ("a second before, in the same minute", |pair| pair.at(30, 29)),
    ("at the same time", |pair| pair.at(0, 0)),
    ("59 seconds, in the same minute", |pair| pair.at(0, 59)),
    ("59 seconds, in the next minute", |pair| pair.at(30, 89)),
    ("61 seconds, in the next minute", |pair| pair.at(0, 61)),
    ("61 seconds, two minutes on", |pair| pair.at(59, 120)),
    ("89 minutes and a second, 90 minutes on", |pair| pair.at(59, 90 * 60)),
    ("90 minutes", |pair| pair.at(0, 90 * 60)),
    ("90 minutes and 59 seconds, 90 minutes on", |pair| pair.at(0, 90 * 60 + 59)),
    ("over 90: 90 minutes and a second, 91 minutes on", |pair| pair.at(59, 91 * 60)),
    ("over 90: 91 minutes", |pair| pair.at(0, 91 * 60)),
    ("over 90: a day", |pair| pair.at(0, 24 * 60 * 60)),
    // The administrator's role in the token, and whether the device complies.
    ("administrator on a device that does not comply", |pair| pair.role(apps::GLOBAL_ADMINISTRATOR)),
    ("administrator on a device that complies", |pair| {
        pair.role(apps::GLOBAL_ADMINISTRATOR);
        pair.compliance(Some(true));
    }),
    ("administrator on a device of unknown compliance", |pair| {
        pair.role(apps::GLOBAL_ADMINISTRATOR);
        pair.compliance(None);
    }),
    ("administrator on no device", |pair| {
        pair.role(apps::GLOBAL_ADMINISTRATOR);
        pair.second.device = None;
    }),
    ("administrator's role in capital letters", |pair| pair.role(&apps::GLOBAL_ADMINISTRATOR.to_uppercase())),
    ("administrator only in the first", |pair| pair.first.roles.push(apps::GLOBAL_ADMINISTRATOR.to_owned())),
    ("another role", |pair| pair.role(EXCHANGE_ADMINISTRATOR)),
    ("no administrator, on a device that complies", |pair| pair.compliance(Some(true))),
    ("administrator with Azure PowerShell on a device that complies", |pair| {
        pair.second.app = apps::AZURE_POWERSHELL;
        pair.role(apps::GLOBAL_ADMINISTRATOR);
        pair.compliance(Some(true));
    }),
    // Results do not matter.
    ("the second failed", |pair| pair.second.code = 50173),
    ("the second was refused by policy", |pair| pair.second.code = 53003),
    ("the first was interrupted", |pair| pair.first.code = 50140),
    // Streams.
    ("both non-interactive", |pair| pair.first.stream = Stream::NonInteractive),
    ("both interactive", |pair| pair.second.stream = Stream::Interactive),
    ("both non-interactive, over 90: 2 hours", |pair| {
        pair.first.stream = Stream::NonInteractive;
        pair.at(0, 120 * 60);
    }),
    ("both non-interactive, administrator", |pair| {
        pair.first.stream = Stream::NonInteractive;
        pair.role(apps::GLOBAL_ADMINISTRATOR);
    }),
    // More than two.
    ("two firsts and three seconds", |pair| {
        let mut first = pair.first.clone();
        (first.id, first.time, first.app) = (
            super::super::random::Random::new(first.id.to_u128() as u64).request_id(),
            first.time + MINUTE,
            apps::OFFICE,
        );
        pair.more.push(("first", first));
        for (step, app) in [(1, apps::AZURE_CLI), (2, apps::AZURE_POWERSHELL)] {
            let mut second = pair.second.clone();
            second.id = super::super::random::Random::new(second.id.to_u128() as u64 + step).request_id();
            second.time += step as i64 * MINUTE;
            second.app = app;
            pair.more.push(("second", second));
        }
    }),
    ("the second is there twice", |pair| {
        let again = pair.second.clone();
        pair.more.push(("second", again));
    }),
    ("one second before the first and one after", |pair| {
        let mut second = pair.second.clone();
        second.id = super::super::random::Random::new(second.id.to_u128() as u64).request_id();
        second.time = pair.first.time - 5 * MINUTE;
        pair.more.push(("too early", second));
    }),
];

pub(super) fn add(bench: &mut Bench<'_>) {
    for (reason, change) in CASES {
        let user = bench.user();
        let stranger = bench.user();
        let minute = bench.minute();
        let session = bench.session(&user, minute);
        let hands = bench.hands();
        let random = &mut bench.random;
        let teams = (apps::TEAMS, apps::GRAPH, "openid profile User.Read");
        let cli = (apps::AZURE_CLI, apps::AZURE_MANAGEMENT, "user_impersonation");
        let mut pair = Pair {
            first: session.interactive(random, minute, teams, &hands),
            second: session.refresh(random, minute + 20 * MINUTE, cli, &hands, "refreshToken"),
            more: Vec::new(),
            stranger,
            other: random.guid().to_string(),
        };
        change(&mut pair);
        let reason = format!("foci-pivot, {reason}");
        bench.sign_in(&reason, "first", pair.first);
        bench.sign_in(&reason, "second", pair.second);
        for (step, sign_in) in pair.more {
            bench.sign_in(&reason, step, sign_in);
        }
    }
}
