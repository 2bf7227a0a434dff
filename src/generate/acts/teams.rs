//! Teams: sessions, messages, meetings.

use super::{Habit, deed};

pub(super) const HABITS: &[Habit] = &[
    (380, 1, deed("MicrosoftTeams", "TeamsSessionStarted", "")),
    (300, 3, deed("MicrosoftTeams", "MessageSent", "").with(&[("CommunicationType", "OneOnOne")])),
    (
        180,
        2,
        deed("MicrosoftTeams", "MessageCreatedHasLink", "").with(&[
            ("TeamName", "{team}"),
            ("ChannelName", "General"),
            ("CommunicationType", "Channel"),
        ]),
    ),
    (90, 1, deed("MicrosoftTeams", "MeetingParticipantDetail", "")),
    (40, 1, deed("MicrosoftTeams", "ChatCreated", "").with(&[("CommunicationType", "GroupChat")])),
    (10, 1, deed("MicrosoftTeams", "MemberAdded", "").with(&[("TeamName", "{team}")])),
];
