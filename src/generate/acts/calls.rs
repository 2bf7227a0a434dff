//! Calls of Graph: what clients ask on their own account while people work, and what programs do.

use super::{Habit, call};
use crate::generate::apps::{AZURE_CLI, AZURE_POWERSHELL, MY_SIGNINS, TEAMS, TEAMS_WEB};
use crate::generate::record::SignIn;

const OFFICE: &[Habit] = &[
    (300, 2, call("GET", "https://graph.microsoft.com/v1.0/me")),
    (250, 1, call("GET", "https://graph.microsoft.com/v1.0/me/drive/recent?$top=25")),
    (200, 1, call("GET", "https://graph.microsoft.com/v1.0/me/people?$top=10")),
    (150, 2, call("GET", "https://graph.microsoft.com/v1.0/me/photos/48x48/$value")),
    (
        100,
        1,
        call("GET", "https://graph.microsoft.com/v1.0/me/calendarView?startDateTime=2026-11-02&endDateTime=2026-11-16"),
    ),
];

const CHAT: &[Habit] = &[
    (350, 2, call("POST", "https://graph.microsoft.com/v1.0/communications/getPresencesByUserId")),
    (250, 1, call("GET", "https://graph.microsoft.com/v1.0/me/joinedTeams")),
    (250, 2, call("GET", "https://graph.microsoft.com/beta/me/chats?$expand=members")),
    (150, 1, call("GET", "https://graph.microsoft.com/v1.0/me/calendar/events?$top=20")),
];

const METHODS: &[Habit] = &[(1_000, 1, call("GET", "https://graph.microsoft.com/beta/me/authentication/methods"))];

/// What administrators look up.
const TOOLS: &[Habit] = &[
    (450, 2, call("GET", "https://graph.microsoft.com/v1.0/users?$select=id,userPrincipalName&$top=100")),
    (350, 2, call("GET", "https://graph.microsoft.com/v1.0/groups?$top=100")),
    (200, 1, call("GET", "https://graph.microsoft.com/v1.0/auditLogs/signIns?$top=50")),
];

/// What a program keeps in step.
const PROGRAM: &[Habit] = &[
    (800, 3, call("GET", "https://graph.microsoft.com/v1.0/users/delta?$select=id,employeeId,department")),
    (200, 1, call("PATCH", "https://graph.microsoft.com/v1.0/users/employee-{n}").count(204)),
];

pub(super) fn habits(row: &SignIn) -> &'static [Habit] {
    match row.app {
        _ if row.principal.is_some() => PROGRAM,
        TEAMS | TEAMS_WEB => CHAT,
        MY_SIGNINS => METHODS,
        AZURE_CLI | AZURE_POWERSHELL => TOOLS,
        _ => OFFICE,
    }
}
