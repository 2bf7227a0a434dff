//! Files: opened and changed on sites, kept in step by the sync client, shared within the organisation.

use super::{Habit, deed};

/// What the sync client does, in bursts.
pub(super) const SYNC: &[Habit] = &[
    (
        330,
        9,
        deed(
            "OneDrive",
            "FileSyncDownloadedFull",
            "https://contoso-my.sharepoint.com/personal/{drive}/Documents/{folder}/{topic} {n}.{type}",
        ),
    ),
    (
        420,
        3,
        deed(
            "OneDrive",
            "FileSyncUploadedFull",
            "https://contoso-my.sharepoint.com/personal/{drive}/Documents/{folder}/{topic} {n}.{type}",
        ),
    ),
    (
        250,
        4,
        deed(
            "SharePoint",
            "FileSyncDownloadedFull",
            "https://contoso.sharepoint.com/sites/{site}/Shared Documents/{topic} {n}.{type}",
        ),
    ),
];

/// What people do on sites.
pub(super) const SITES: &[Habit] = &[
    (
        430,
        3,
        deed(
            "SharePoint",
            "FileAccessed",
            "https://contoso.sharepoint.com/sites/{site}/Shared Documents/{topic} {n}.{type}",
        ),
    ),
    (
        300,
        2,
        deed(
            "SharePoint",
            "FileModified",
            "https://contoso.sharepoint.com/sites/{site}/Shared Documents/{topic} {n}.{type}",
        ),
    ),
    (
        110,
        2,
        deed(
            "SharePoint",
            "FileDownloaded",
            "https://contoso.sharepoint.com/sites/{site}/Shared Documents/{topic} {n}.{type}",
        ),
    ),
    (
        100,
        2,
        deed(
            "OneDrive",
            "FilePreviewed",
            "https://contoso-my.sharepoint.com/personal/{drive}/Documents/{topic} {n}.{type}",
        ),
    ),
    (
        40,
        1,
        deed(
            "SharePoint",
            "CompanyLinkCreated",
            "https://contoso.sharepoint.com/sites/{site}/Shared Documents/{topic} {n}.{type}",
        )
        .with(&[("EventData", "<Type>View</Type>")]),
    ),
    (
        20,
        1,
        deed(
            "OneDrive",
            "SharingSet",
            "https://contoso-my.sharepoint.com/personal/{drive}/Documents/{topic} {n}.{type}",
        )
        .with(&[("TargetUserOrGroupType", "Member"), ("TargetUserOrGroupName", "{colleague}")]),
    ),
];
