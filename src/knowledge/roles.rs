//! Directory roles with power over others.

use std::sync::OnceLock;

use super::table;
use crate::events::guid::Guid;

/// How far a role reaches; the lower tier compares as smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Tier 0: can become anything in the tenant.
    Total,
    /// Tier 1: can take over accounts, applications, devices, policies or mail.
    High,
    /// Tier 2: reads widely, or controls one service.
    Moderate,
}

/// A privileged directory role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its template id, which is the same in every tenant.
    pub id: Guid,
    /// Its English name.
    pub name: &'static str,
    /// How far it reaches.
    pub tier: Tier,
}

/// The privileged role with this template id; `None` for an ordinary or unknown role.
#[must_use]
pub fn privileged_role(template: Guid) -> Option<Role> {
    table::find(roles(), &template)
}

/// The privileged role with this English name, compared without regard to case: for audit records
/// that carry no template id.
#[must_use]
pub fn privileged_role_by_name(name: &str) -> Option<Role> {
    let name = match name.trim() {
        // The name that older records use.
        old if old.eq_ignore_ascii_case("Company Administrator") => "Global Administrator",
        name => name,
    };
    privileged_roles().find(|role| role.name.eq_ignore_ascii_case(name))
}

/// All privileged roles, by ascending template id.
pub fn privileged_roles() -> impl Iterator<Item = Role> {
    roles().iter().map(|(_, role)| *role)
}

fn roles() -> &'static [(Guid, Role)] {
    static ROLES: OnceLock<Vec<(Guid, Role)>> = OnceLock::new();
    ROLES.get_or_init(|| {
        table::rows(include_str!("roles.tsv"))
            .filter_map(|row| {
                let mut columns = row.split('\t');
                let id = Guid::parse(table::column(&mut columns))?;
                let tier = match table::column(&mut columns) {
                    "0" => Tier::Total,
                    "1" => Tier::High,
                    "2" => Tier::Moderate,
                    _ => return None,
                };
                let name = table::column(&mut columns);
                Some((id, Role { id, name, tier }))
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::apps::GLOBAL_ADMINISTRATOR;

    #[test]
    fn the_table_is_whole_and_sorted() {
        assert_eq!(roles().len(), table::rows(include_str!("roles.tsv")).count());
        assert!(roles().len() >= 25);
        assert!(roles().is_sorted_by(|(a, _), (b, _)| a < b));
        assert!(privileged_roles().all(|role| !role.name.is_empty()));
    }

    #[test]
    fn knows_the_roles_that_matter() {
        let role = privileged_role(GLOBAL_ADMINISTRATOR).expect("the highest role");
        assert_eq!((role.name, role.tier), ("Global Administrator", Tier::Total));
        for (name, id, tier) in [
            ("Privileged Role Administrator", "e8611ab8-c189-46e8-94e1-60213ab1f814", Tier::Total),
            ("Cloud Application Administrator", "158c047a-c907-4556-b7ef-446551a6b5f7", Tier::High),
            ("Exchange Administrator", "29232cdf-9323-42fd-ade2-1d097af3e4de", Tier::High),
            ("Global Reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451", Tier::Moderate),
        ] {
            let id = Guid::parse(id).expect("a GUID");
            assert_eq!(privileged_role(id), Some(Role { id, name, tier }));
            assert_eq!(privileged_role_by_name(&name.to_uppercase()), privileged_role(id));
        }
        assert_eq!(privileged_role_by_name("Company Administrator"), Some(role));
        // Default access of every user in `wids`: a member without a role.
        let user = Guid::from_u128(0xb79fbf4d_3ef9_4689_8143_76b194e85509);
        assert_eq!(privileged_role(user), None);
        assert!(Tier::Total < Tier::High && Tier::High < Tier::Moderate);
    }
}
