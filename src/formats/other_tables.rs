//! Tables that are known by their keys and not read yet: counted by name, never called unknown.

/// The column in which a Log Analytics row names its table.
pub(super) const NAME_OF_TABLE: &str = "Type";

/// A known table and the keys that a record of it has, all of them. The first that fits counts.
pub(super) static ALL: &[(&str, &[&str])] = &[
    ("provisioning", &["provisioningAction"]),
    ("UnifiedAuditLog", &["AuditData"]),
    ("UnifiedAuditLog", &["CreationTime", "Workload", "RecordType"]),
    ("OfficeActivity", &["OfficeWorkload"]),
    ("OfficeActivity", &["OfficeObjectId", "RecordType"]),
    ("namedLocation", &["countriesAndRegions", "includeUnknownCountriesAndRegions"]),
    ("AzureActivity", &["CategoryValue"]),
    ("EntraIdSignInEvents", &["Timestamp", "AccountUpn", "ErrorCode"]),
    ("IdentityLogonEvents", &["Timestamp", "ActionType", "LogonType", "FailureReason", "Application"]),
    ("DefenderHunting", &["Timestamp", "ActionType"]),
    // Context that collectors export beside the logs.
    ("Devices", &["DeviceId", "TrustType", "OperatingSystem", "AccountEnabled"]),
    ("Users", &["UserPrincipalName", "DisplayName", "AccountEnabled"]),
    ("AuthenticationMethods", &["MFAstatus", "hellobusiness"]),
    ("AuthenticationMethods", &["IsMfaRegistered", "MethodsRegistered"]),
    ("OAuthPermissions", &["PermissionType", "Permission", "AppDisplayName"]),
    // Any other table of a workspace: every row of one has its table's name and these.
    ("", &[NAME_OF_TABLE, "TimeGenerated"]),
    ("", &[NAME_OF_TABLE, "SourceSystem"]),
];

/// Tables of Log Analytics that hold neither sign-ins nor acts in the directory: those of them that are
/// read have formats of their own. Queries give the column of the name other
/// meanings too; where it holds none of the known names, a row is told by what else it has.
pub(super) const NAMES: [&str; 14] = [
    "AADUserRiskEvents",
    "AADRiskyUsers",
    "AADServicePrincipalRiskEvents",
    "AADRiskyServicePrincipals",
    "AADProvisioningLogs",
    "MicrosoftGraphActivityLogs",
    "AADGraphActivityLogs",
    "EnrichedMicrosoft365AuditLogs",
    "NetworkAccessTraffic",
    "OfficeActivity",
    "AzureActivity",
    "CloudAppEvents",
    "IdentityInfo",
    "SecurityAlert",
];

/// The name under which a record of a table is counted that names itself: as it says, if that is a
/// plain word, so that a report holds no text that a log chose.
pub(super) fn plain_name(name: &[u8]) -> Option<&str> {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let fits = (1..=64).contains(&name.len()) && name.iter().all(plain);
    fits.then(|| std::str::from_utf8(name).ok()).flatten()
}

/// What a table is called that has no plain name.
pub(super) const UNNAMED: &str = "unnamed";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_word_is_taken_for_a_name() {
        assert_eq!(plain_name(b"ProvisioningLogs"), Some("ProvisioningLogs"));
        assert_eq!(plain_name(b"kube-audit_v1.2"), Some("kube-audit_v1.2"));
        for name in ["", "=cmd", "a b", "<script>", "caf\u{e9}", &"x".repeat(65)] {
            assert_eq!(plain_name(name.as_bytes()), None, "{name}");
        }
    }
}
