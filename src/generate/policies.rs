//! The tenant's conditional-access policies.

use super::record::SignIn;

/// A conditional-access policy.
#[derive(Debug, PartialEq, Eq)]
pub struct Policy {
    /// Id.
    pub id: &'static str,
    /// Name.
    pub name: &'static str,
    /// Grant controls.
    pub grants: &'static [&'static str],
    /// Session controls.
    pub sessions: &'static [&'static str],
    /// Conditions that were met, as Graph joins them.
    pub met: &'static str,
    /// Conditions that were not, where the policy does not apply.
    pub unmet: &'static str,
}

const fn policy(
    id: &'static str,
    name: &'static str,
    grants: &'static [&'static str],
    sessions: &'static [&'static str],
    unmet: &'static str,
) -> Policy {
    Policy { id, name, grants, sessions, met: "application,users", unmet }
}

static REQUIRE_MFA: Policy =
    policy("6f0c1f5e-7a1b-4a77-9a3e-2f4b6e0c1a01", "Require multifactor authentication", &["Mfa"], &[], "location");
static BLOCK_LEGACY: Policy =
    policy("6f0c1f5e-7a1b-4a77-9a3e-2f4b6e0c1a02", "Block legacy authentication", &["Block"], &[], "clientType");
static COMPLIANT_ADMINS: Policy = policy(
    "6f0c1f5e-7a1b-4a77-9a3e-2f4b6e0c1a03",
    "Administrators need a compliant device",
    &["RequireCompliantDevice"],
    &[],
    "users",
);
static UNMANAGED_DAILY: Policy = policy(
    "6f0c1f5e-7a1b-4a77-9a3e-2f4b6e0c1a04",
    "Unmanaged devices sign in daily",
    &[],
    &["SignInFrequency"],
    "deviceState",
);
/// Only reports: that is the gap through which a phished device code comes.
static BLOCK_DEVICE_CODE: Policy = policy(
    "6f0c1f5e-7a1b-4a77-9a3e-2f4b6e0c1a05",
    "Block device code outside meeting rooms",
    &["Block"],
    &[],
    "application",
);

/// Policies that only make records as long as those of a large tenant.
static OTHERS: [Policy; 10] = [
    policy("6f0c1f5e-7a1b-4a77-9a3e-2f4b6e0c1a06", "Block high sign-in risk", &["Block"], &[], "signInRisk"),
    policy(
        "6f0c1f5e-7a1b-4a77-9a3e-2f4b6e0c1a07",
        "Password change on user risk",
        &["PasswordChange"],
        &[],
        "userRisk",
    ),
    policy(
        "6f0c1f5e-7a1b-4a77-9a3e-2f4b6e0c1a08",
        "Mobile devices need approved apps",
        &["RequireApprovedApp"],
        &[],
        "devicePlatform",
    ),
    policy(
        "6f0c1f5e-7a1b-4a77-9a3e-2f4b6e0c1a09",
        "Guests accept the terms of use",
        &["Terms of use for guests"],
        &[],
        "users",
    ),
    policy(
        "6f0c1f5e-7a1b-4a77-9a3e-2f4b6e0c1a0a",
        "Token protection for Windows",
        &[],
        &["SignInTokenProtection"],
        "devicePlatform",
    ),
    policy("6f0c1f5e-7a1b-4a77-9a3e-2f4b6e0c1a0b", "Block countries without offices", &["Block"], &[], "location"),
    policy(
        "6f0c1f5e-7a1b-4a77-9a3e-2f4b6e0c1a0c",
        "Azure management needs multifactor authentication",
        &["Mfa"],
        &[],
        "application",
    ),
    policy(
        "6f0c1f5e-7a1b-4a77-9a3e-2f4b6e0c1a0d",
        "No downloads on unmanaged devices",
        &[],
        &["CloudAppSecurity"],
        "deviceState",
    ),
    policy(
        "6f0c1f5e-7a1b-4a77-9a3e-2f4b6e0c1a0e",
        "Registration of methods from known places",
        &["Block"],
        &[],
        "application",
    ),
    policy(
        "6f0c1f5e-7a1b-4a77-9a3e-2f4b6e0c1a0f",
        "Administrators sign in every 4 hours",
        &[],
        &["SignInFrequency"],
        "users",
    ),
];

/// What the policies made of a sign-in. `more` adds those that do not apply to anything here.
pub(super) fn applied(sign_in: &SignIn, administrator: bool, more: usize) -> Vec<(&'static Policy, &'static str)> {
    let managed = sign_in.device.as_ref().is_some_and(|device| device.compliant == Some(true));
    let device_code = sign_in.protocol == "deviceCode" || sign_in.transfer == "deviceCodeFlow";
    let refused = |code: u32| sign_in.code == code;
    let mut policies = vec![
        (&REQUIRE_MFA, if refused(50074) || refused(50076) { "failure" } else { "success" }),
        (&BLOCK_LEGACY, "notApplied"),
    ];
    if administrator {
        policies.push((&COMPLIANT_ADMINS, if refused(53000) { "failure" } else { "success" }));
    }
    if !managed {
        policies.push((&UNMANAGED_DAILY, "success"));
    }
    if device_code {
        policies.push((&BLOCK_DEVICE_CODE, "reportOnlyFailure"));
    }
    policies.extend(OTHERS.iter().take(more).map(|policy| (policy, "notApplied")));
    policies
}
