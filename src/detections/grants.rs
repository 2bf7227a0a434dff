//! What an act in the directory gave an application: which scopes, for whom, and by which names it calls the
//! application.

use crate::events::Guid;
use crate::events::change::{Change, TargetKind};

use super::act::Act;

/// What was granted by an act.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Grant {
    /// Those that are new in it.
    pub(super) scopes: Vec<String>,
    /// It holds for everybody.
    pub(super) for_all: bool,
}

impl Grant {
    /// Of a consent: `[] => [[Id: …, ConsentType: Principal, Scope: User.Read Mail.Read, …]]`.
    pub(super) fn of_consent(act: &Act<'_>) -> Self {
        let value = ["ConsentAction.Permissions", "ConsentContext.Permissions"];
        let text = value.iter().find_map(|name| act.change(name)).map_or("", |change| &*change.new);
        let (before, after) = text.split_once("=>").unwrap_or(("", text));
        let before = scopes_of(before);
        let yes = |name: &str| act.new_value(name).eq_ignore_ascii_case("true");
        Self {
            scopes: scopes_of(after).into_iter().filter(|scope| !before.contains(scope)).collect(),
            for_all: after.contains("AllPrincipals") || yes("ConsentContext.OnBehalfOfAll"),
        }
    }

    /// Of a delegated grant.
    pub(super) fn of_grant(act: &Act<'_>) -> Self {
        let words = |change: Option<&Change<'_>>, new: bool| -> Vec<String> {
            let text = change.map_or("", |change| if new { &*change.new } else { &*change.old });
            text.split_whitespace().map(str::to_owned).collect()
        };
        let change = act.change("DelegatedPermissionGrant.Scope");
        let before = words(change, false);
        Self {
            scopes: words(change, true).into_iter().filter(|scope| !before.contains(scope)).collect(),
            for_all: act.new_value("DelegatedPermissionGrant.ConsentType").eq_ignore_ascii_case("AllPrincipals"),
        }
    }

    /// Takes in what another gave beside it.
    pub(super) fn add(&mut self, other: &Self) {
        for scope in &other.scopes {
            if !self.scopes.contains(scope) {
                self.scopes.push(scope.clone());
            }
        }
        self.for_all |= other.for_all;
    }
}

/// The scopes of all entries of a consent's permissions.
fn scopes_of(text: &str) -> Vec<String> {
    let entries = text.split("Scope:").skip(1);
    let lists = entries.filter_map(|entry| entry.split([',', ']']).next());
    lists.flat_map(str::split_whitespace).map(str::to_owned).collect()
}

/// All ids by which an act may name its application.
pub(super) fn called(act: &Act<'_>, ids: &[Guid]) -> Vec<String> {
    let targets = act.targets.iter().map(|target| target.id.to_string());
    let client = act.new_value("ServicePrincipal.ObjectID").to_owned();
    let all = targets.chain(ids.iter().map(Guid::to_string)).chain([client]);
    all.filter(|id| !id.is_empty()).collect()
}

/// The client of a grant: its first target is the resource.
pub(super) fn client(act: &Act<'_>) -> String {
    let wanted = act.new_value("ServicePrincipal.ObjectID");
    let named = act.new_value("ServicePrincipal.DisplayName");
    let target = act.targets.iter().find(|target| !wanted.is_empty() && target.id == wanted);
    let label = target.map(|target| target.label()).filter(|label| !label.is_empty());
    let told = [named, label.unwrap_or(wanted)].into_iter().find(|text| !text.is_empty());
    told.unwrap_or_else(|| act.app()).to_owned()
}

/// Ids that may be the application's: of additional details, names of the principal, and targets.
pub(super) fn app_ids(act: &Act<'_>) -> Vec<Guid> {
    let detail = act.row.detail(act.store, "AppId").unwrap_or_default();
    let names = [act.new_value("ServicePrincipal.AppId"), act.new_value("TargetId.ServicePrincipalNames"), &detail];
    let parts = names.iter().flat_map(|text| text.split([';', ',', ' ', '"'])).filter_map(Guid::parse);
    let app = act.target(TargetKind::Application).and_then(|target| Guid::parse(&target.id));
    parts.chain(app).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scopes_of_a_consent_are_those_of_all_its_entries() {
        let entry =
            |scope: &str| format!("[Id: 1, ClientId: 2, ConsentType: Principal, Scope: {scope}, CreatedDateTime: ]");
        assert_eq!(
            scopes_of(&format!("[{}, {}]", entry(" User.Read  Mail.Read"), entry("openid"))),
            ["User.Read", "Mail.Read", "openid"]
        );
        assert!(scopes_of("[]").is_empty() && scopes_of("[Id: 1, ConsentType: Principal]").is_empty());
    }

    #[test]
    fn what_a_grant_gives_beside_is_added_once() {
        let grant = |scopes: &[&str], for_all| Grant {
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            for_all,
        };
        let mut own = grant(&["Mail.Read"], false);
        own.add(&grant(&["Mail.Read", "offline_access"], true));
        own.add(&grant(&[], false));
        assert_eq!(own, grant(&["Mail.Read", "offline_access"], true));
    }
}
