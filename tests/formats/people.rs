//! Who the events are shared out to.

use serde_json::{Value, json};
use signin_sleuth::analysis::Case;
use signin_sleuth::tenant::PersonKind;

use crate::support::{ABSENT, graph, read_json, with};

const TENANT: &str = "99999999-0000-0000-0000-000000000009";
const HOME: &str = "eeeeeeee-0000-0000-0000-00000000000e";
const GUEST: &str = "33333333-0000-0000-0000-000000000003";

/// Each person as tenant, id, kind, and how many sign-ins and audit events are theirs.
fn people(case: &Case) -> Vec<(String, String, PersonKind, usize, usize)> {
    let texts = &case.store.texts;
    let mut people: Vec<_> = case
        .buckets
        .iter()
        .map(|bucket| {
            let person = case.people.get(bucket.person).unwrap();
            let (tenant, id) = (person.tenant.display(texts), person.id.display(texts));
            (tenant, id, person.kind, bucket.sign_ins.len(), bucket.audits.len())
        })
        .collect();
    people.sort();
    people
}

fn at(number: u32, members: Value) -> Value {
    let base = graph(json!({"id": format!("0f94f5fb-0000-0000-0000-{number:012}")}));
    with(with(base, json!({"tenantId": TENANT, "homeTenantId": TENANT, "resourceTenantId": TENANT})), members)
}

fn audit(number: u32, by: Value, targets: Value) -> Value {
    json!({"id": format!("Directory_{number}"), "activityDateTime": "2026-09-13T01:30:00Z", "tenantId": TENANT,
        "activityDisplayName": "Update user", "result": "success", "initiatedBy": by, "targetResources": targets})
}

#[test]
fn a_guest_is_keyed_by_the_home_tenant_wherever_a_record_names_it() {
    let guest = json!({"userId": GUEST, "userPrincipalName": "eve_fabrikam.example#EXT#@contoso.example"});
    let at_home = with(at(1, guest.clone()), json!({"userType": "guest", "homeTenantId": HOME}));
    // This record does not name the home tenant, and the audit record only the guest's name.
    let unsaid = with(at(2, guest), json!({"homeTenantId": ABSENT}));
    let audited = audit(
        1,
        json!({"user": {"userPrincipalName": "eve_fabrikam.example#EXT#@contoso.example"}, "app": null}),
        json!([]),
    );
    let case = read_json(&[unsaid, at_home, audited, at(3, json!({}))]);
    assert_eq!(
        people(&case),
        [
            (TENANT.to_owned(), "11111111-0000-0000-0000-000000000001".to_owned(), PersonKind::Unknown, 1, 0),
            (HOME.to_owned(), GUEST.to_owned(), PersonKind::Guest, 2, 1),
        ]
    );
}

#[test]
fn an_audit_event_goes_to_who_did_it_and_to_whom_it_was_done_and_counts_once() {
    let by = json!({"user": {"id": "11111111-0000-0000-0000-000000000001"}, "app": null});
    let to = json!([
        {"id": "11111111-0000-0000-0000-00000000000b", "type": "User", "userPrincipalName": "bob@contoso.example"},
        {"id": "77777777-0000-0000-0000-000000000007", "type": "Device"},
        {"id": "11111111-0000-0000-0000-000000000001", "type": "User"},
    ]);
    let case = read_json(&[audit(1, by, to)]);
    assert_eq!(case.inputs[0].events, 1);
    let ids: Vec<(String, usize)> = people(&case).into_iter().map(|person| (person.1, person.4)).collect();
    assert_eq!(
        ids,
        [
            ("11111111-0000-0000-0000-000000000001".to_owned(), 1),
            ("11111111-0000-0000-0000-00000000000b".to_owned(), 1),
        ]
    );
}

#[test]
fn ids_that_are_no_guids_are_matched_by_their_text() {
    let sign_in = at(1, json!({"userId": "user-17", "userPrincipalName": "bob@contoso.example"}));
    let by = json!({"user": {"id": "admin-1"}, "app": null});
    let to = json!([{"id": "user-17", "type": "User"}]);
    let case = read_json(&[sign_in, audit(1, by, to)]);
    let ids: Vec<(String, usize, usize)> =
        people(&case).into_iter().map(|person| (person.1, person.3, person.4)).collect();
    assert_eq!(ids, [("admin-1".to_owned(), 0, 1), ("user-17".to_owned(), 1, 1)]);
}

#[test]
fn what_an_application_did_is_its_own() {
    let principal = "55555555-0000-0000-0000-000000000005";
    let by = json!({"user": null, "app": {"displayName": "Backup", "servicePrincipalId": principal}});
    let sign_in = with(
        at(
            1,
            json!({"signInEventTypes": ["servicePrincipal"], "servicePrincipalId": principal, "servicePrincipalName": "Backup"}),
        ),
        json!({"userId": null, "userPrincipalName": null}),
    );
    let case = read_json(&[sign_in, audit(1, by, json!([]))]);
    assert_eq!(people(&case), [(TENANT.to_owned(), principal.to_owned(), PersonKind::ServicePrincipal, 1, 1)]);
}

#[test]
fn an_input_that_names_no_tenant_is_of_the_one_that_the_others_name() {
    let bare = with(at(1, json!({})), json!({"tenantId": ABSENT, "homeTenantId": ABSENT, "resourceTenantId": ABSENT}));
    let lines = |record: &Value| format!("{record}\n");
    let (named, bare) = (lines(&at(2, json!({}))), lines(&bare));
    let case = crate::support::read(&[("a.json", bare.as_bytes()), ("b.json", named.as_bytes())]);
    assert_eq!(people(&case).len(), 1);
    assert_eq!((people(&case)[0].0.as_str(), people(&case)[0].3), (TENANT, 2));
    // Of two tenants, nobody can tell.
    let other = lines(&at(3, json!({"tenantId": HOME, "homeTenantId": HOME, "resourceTenantId": HOME})));
    let case = crate::support::read(&[
        ("a.json", bare.as_bytes()),
        ("b.json", named.as_bytes()),
        ("c.json", other.as_bytes()),
    ]);
    let tenants: Vec<String> = people(&case).into_iter().map(|person| person.0).collect();
    assert_eq!(tenants, [String::new(), TENANT.to_owned(), HOME.to_owned()]);
}
