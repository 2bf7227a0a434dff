//! What each detection asks, as an analyst would, and what is not answered yet.

use crate::detections::Detection;
use crate::order::Arrange;
use crate::words::figure;

use super::coverage::{Coverage, Status};

/// What each detection asks, those first whose answer says the most of a stolen session.
const QUESTIONS: &[(&str, &str)] = &[
    ("session-handover", "Did a session go on from somebody else's network and device?"),
    ("foci-pivot", "Was a refresh token redeemed by another client of its family?"),
    ("token-replay", "Was an access token used in two places?"),
    ("adversary-in-the-middle", "Did somebody sign in through a phishing proxy?"),
    ("device-code-broker", "Did a device code lead to a primary refresh token?"),
    ("device-code-sign-in", "Did somebody sign in by device code?"),
    ("broker-device-prt", "Was a device registered to get a primary refresh token?"),
    ("unusual-prt", "Was a primary refresh token used as its owner's machine would not?"),
    ("refresh-from-new-place", "Was a token refreshed in a place that is new for its user?"),
    ("code-redeemed-elsewhere", "Was an authorization code redeemed by another machine?"),
    ("auth-transfer", "Was a session handed over by a QR code?"),
    ("device-code-then-credential", "Was a method or device registered right after a device code?"),
    ("device-code-then-enumeration", "Was the directory read right after a device code?"),
    ("my-signins-bulk-registration", "Did somebody register sign-in methods from a strange network?"),
    ("device-fingerprint", "Was a device registered as tools do it?"),
    ("revoked-token-storm", "Did a session live on after it was revoked?"),
    ("token-protection-lost", "Did tokens that were bound to a device go on without it?"),
    ("tool-user-agent", "Did a tool sign in under its own name?"),
    ("impossible-travel", "Did a user sign in from two places that are too far apart?"),
    ("anonymising-network", "Did somebody sign in from a hosting or VPN network?"),
    ("rare-app-user-resource-scope", "Did a client ask for what hardly anybody here asks for?"),
    ("sign-in-without-policy", "Did a sign-in get past a policy that should have stopped it?"),
    ("policy-probe", "Did somebody look for a way around the policies?"),
    ("mfa-coverage-probe", "Did somebody try where no second factor is asked for?"),
    ("mfa-fatigue", "Was a user asked for a second factor until they gave in?"),
    ("ropc", "Did a program send a user's password itself?"),
    ("legacy-auth", "Did a protocol without second factor let somebody in?"),
    ("password-spray", "Were the passwords of many users tried from one source?"),
    ("brute-force-success", "Were many passwords of one user tried until one was right?"),
    ("user-enumeration", "Were names tried to find out which users exist?"),
    ("watch-list", "Were accounts or addresses of your watch list seen?"),
    ("identity-protection", "Did Microsoft detect a risk of a user?"),
    ("risk-ignored", "Did a risky sign-in get in that nobody saw to?"),
    ("risk-then-action", "Did an act that keeps or takes something follow a risk?"),
    ("method-registered", "Did somebody else register a sign-in method?"),
    ("inbox-rule", "Does an inbox rule hide mail?"),
    ("mailbox-forwarding", "Is mail forwarded to the outside?"),
    ("mail-access", "Which mails were read with a stolen session?"),
    ("mail-read-by-graph", "Did an unusual program read mail?"),
    ("mass-download", "Were many files taken?"),
    ("application-consent", "Was an application given access to data?"),
    ("consent-not-given", "Did an application ask for access in vain?"),
    ("service-principal-credential", "Was an application given a new key?"),
    ("app-permission-granted", "Was an application given a strong permission?"),
    ("role-assigned", "Was a privileged role given?"),
    ("federation-changed", "Did the trust in an issuer of tokens change?"),
    ("conditional-access-weakened", "Was a conditional-access policy weakened?"),
    ("traces-removed", "Were mails deleted that warn of an intruder?"),
    ("mass-mail", "Was much mail sent from one mailbox?"),
    ("directory-enumeration", "Was the directory read list by list?"),
    ("temporary-access-pass", "Was a Temporary Access Pass made for a user?"),
    ("password-reset-by-admin", "Did somebody else reset a user's password?"),
    ("self-service-reset", "Was a password reset by somebody who does not look like the user?"),
    ("method-removed", "Was a sign-in method removed?"),
    ("shared-second-factor", "Do several users share one second factor?"),
    ("elevate-access", "Did somebody take access to all of Azure?"),
    ("consent-policy-weakened", "Was the rule for consents loosened?"),
    ("federated-credential", "Does an application trust another issuer?"),
    ("app-takeover", "Did an application change hands or address?"),
    ("trusted-location-changed", "Are more addresses trusted than before?"),
    ("authentication-policy-changed", "Did the rules for signing in change?"),
    ("actor-token", "Did a service act in a person's name?"),
    ("admins-removed", "Did administrators lose their roles?"),
    ("role-activation-unusual", "Was a privileged role activated unusually?"),
    ("device-secret-read", "Were secrets of devices read?"),
    ("device-object-changed", "Was the record of a device changed oddly?"),
    ("account-lifecycle", "Was an account made or linked oddly?"),
    ("guest-activity", "Was a guest invited or made a member?"),
    ("cross-tenant-access-changed", "Did access from another tenant change?"),
    ("service-principal-created", "Were applications made in the tenant?"),
    ("mailbox-permission", "Was a right in a mailbox given?"),
    ("sharing-opened", "Were files opened to the outside?"),
    ("sensitive-search", "Did somebody search for secrets?"),
    ("transport-rule", "Did the mail flow of the tenant change?"),
    ("protection-weakened", "Was a protection or a log switched off?"),
    ("teams-abuse", "Was Teams abused or opened?"),
    ("m365-alert", "Did Microsoft 365 raise an alert?"),
    ("workload-credential-new", "Did an application sign in with a new credential?"),
    ("workload-new-network", "Did an application's identity sign in from a new place?"),
    ("workload-token-replay", "Was an application's token used in two places?"),
    ("workload-identity-risk", "Did Microsoft detect a risk of an application?"),
    ("workload-failures-then-success", "Were an application's secrets tried until one fitted?"),
    ("workload-dormant", "Did a silent application wake up?"),
    ("workload-many-networks", "Was one application's identity in many networks?"),
    ("workload-odd-name", "Did an application with a name as intruders give it sign in?"),
    ("person-as-workload", "Was an abused account's address used as an application?"),
    ("privileged-sign-in", "Did a privileged user sign in unusually?"),
    ("break-glass-used", "Was a break-glass account used?"),
    ("sign-in-from-new-country", "Did a user sign in from a country that is new to user and tenant?"),
    ("admin-portal-by-user", "Did a user without role open the administrators' portal?"),
    ("account-locked-then-success", "Did a locked-out user sign in from a new place?"),
    ("portal-brute-force", "Were passwords guessed at the administrators' portal?"),
    ("slow-guessing", "Did wrong passwords come one by one from many countries?"),
    ("disabled-account-attempt", "Were disabled accounts tried?"),
    ("dormant-account", "Did a forgotten account sign in again?"),
    ("guest-from-new-tenant", "Did a guest of a new tenant reach the tools of administrators?"),
    ("cross-tenant-attempt", "Did a user sign in to a tenant of others that is new?"),
    ("entra-connect-account", "Was Entra Connect's account in another place?"),
    ("agent-mismatch", "Does a user agent not fit its device?"),
];

/// What a detection asks; of one that is not listed, whether it is as its title says.
pub(super) fn question(detection: &Detection) -> String {
    let known = QUESTIONS.iter().find(|(id, _)| *id == detection.id);
    known.map_or_else(|| format!("{}?", detection.title), |(_, question)| (*question).to_owned())
}

/// Those that were not asked of all records, the most telling first: by what stands in the way, then by what the
/// answer says.
#[must_use]
pub fn unanswered(coverage: &[Coverage]) -> Vec<&Coverage> {
    let mut open: Vec<&Coverage> = coverage.iter().filter(|item| item.status != Status::Ran).collect();
    // Those that are not listed come last.
    let place = |item: &Coverage| QUESTIONS.iter().position(|(id, _)| *id == item.detection);
    open.arrange_by_key(|item| (item.lack, place(item).unwrap_or(QUESTIONS.len())));
    open
}

/// How many were asked, in a sentence.
#[must_use]
pub fn asked(coverage: &[Coverage]) -> String {
    let with = |status: Status| coverage.iter().filter(|item| item.status == status).count() as u64;
    let (part, not, all) = (with(Status::Partial), with(Status::Blind), coverage.len() as u64);
    let of_part = match part {
        0 => String::new(),
        part if part == all - not => ", of a part of the records".to_owned(),
        part => format!(", {} of them of a part of the records", figure(part)),
    };
    match not {
        0 => format!("All {} questions were asked{of_part}.", figure(all)),
        not => {
            let are = if not == 1 { "is" } else { "are" };
            let (asked, all, not) = (figure(all - not), figure(all), figure(not));
            format!("{asked} of {all} questions were asked{of_part}; {not} {are} open.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::coverage::Lack;
    use super::*;

    fn of(id: &str) -> Option<String> {
        crate::detections::find(id).map(question)
    }

    fn item(detection: &'static str, status: Status, lack: Lack) -> Coverage {
        Coverage {
            detection,
            question: String::new(),
            status,
            lack,
            missing: Vec::new(),
            history: None,
            note: String::new(),
            needs: String::new(),
            exports: Vec::new(),
        }
    }

    #[test]
    fn each_question_is_of_one_detection_and_is_one() {
        for (place, (id, text)) in QUESTIONS.iter().enumerate() {
            assert_eq!(of(id).as_deref(), Some(*text), "{id} is no detection");
            assert!(text.ends_with('?') && text.chars().count() <= 80, "{text}");
            assert!(!QUESTIONS[..place].iter().any(|(other, said)| other == id || said == text), "{id} is there twice");
        }
        for detection in crate::detections::ALL {
            assert!(question(detection).ends_with('?'));
        }
    }

    #[test]
    fn open_questions_come_in_the_order_of_what_they_tell() {
        let all = [
            item("ropc", Status::Blind, Lack::Field),
            item("foci-pivot", Status::Ran, Lack::Nothing),
            item("token-replay", Status::Partial, Lack::Some),
            item("user-enumeration", Status::Blind, Lack::Records),
            item("session-handover", Status::Partial, Lack::Certainty),
            item("device-code-broker", Status::Blind, Lack::Field),
        ];
        let ids: Vec<&str> = unanswered(&all).iter().map(|item| item.detection).collect();
        assert_eq!(ids, ["user-enumeration", "device-code-broker", "ropc", "token-replay", "session-handover"]);
        assert_eq!(asked(&all), "3 of 6 questions were asked, 2 of them of a part of the records; 3 are open.");
        assert_eq!(asked(&all[..2]), "1 of 2 questions were asked; 1 is open.");
        assert_eq!(asked(&all[1..2]), "All 1 questions were asked.");
        assert_eq!(asked(&all[2..3]), "All 1 questions were asked, of a part of the records.");
    }
}
