//! What files say of users: who has power over others, who is worth most, who is for emergencies, and
//! which accounts are of programs.

use crate::order::Map;

use serde::{Deserialize, Serialize};

use crate::events::guid::Guid;
use crate::knowledge::roles::{Tier, privileged_role, privileged_role_by_name};
use crate::order::Arrange;

/// A class of users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum UserClass {
    /// Holds a directory role with power over others.
    Privileged,
    /// Worth more than others to an intruder.
    Vip,
    /// Kept for emergencies, and else not used.
    BreakGlass,
    /// Of a program or a machine, not of a person.
    ServiceAccount,
}

/// Words by which columns, tags and names of files name the classes, lower-case and without blanks,
/// hyphens and underscores.
const WORDS: &[(&str, UserClass)] = &[
    ("privileged", UserClass::Privileged),
    ("privilegeduser", UserClass::Privileged),
    ("privilegedusers", UserClass::Privileged),
    ("privilegedaccount", UserClass::Privileged),
    ("privilegedaccounts", UserClass::Privileged),
    ("admin", UserClass::Privileged),
    ("admins", UserClass::Privileged),
    ("administrator", UserClass::Privileged),
    ("administrators", UserClass::Privileged),
    ("tier0", UserClass::Privileged),
    ("vip", UserClass::Vip),
    ("vips", UserClass::Vip),
    ("executive", UserClass::Vip),
    ("executives", UserClass::Vip),
    ("priorityaccount", UserClass::Vip),
    ("breakglass", UserClass::BreakGlass),
    ("breakglassaccount", UserClass::BreakGlass),
    ("breakglassaccounts", UserClass::BreakGlass),
    ("emergencyaccess", UserClass::BreakGlass),
    ("emergencyaccount", UserClass::BreakGlass),
    ("emergencyaccessaccounts", UserClass::BreakGlass),
    ("serviceaccount", UserClass::ServiceAccount),
    ("serviceaccounts", UserClass::ServiceAccount),
];

impl UserClass {
    /// All classes.
    pub const ALL: [Self; 4] = [Self::Privileged, Self::Vip, Self::BreakGlass, Self::ServiceAccount];

    /// For a sentence, such as *the user is privileged*.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Vip => "a VIP",
            Self::BreakGlass => "a break-glass account",
            Self::ServiceAccount => "a service account",
        }
    }

    /// The class that a word names; in any case, with or without blanks, hyphens and underscores, and
    /// `is` before it.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let plain: String = word.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let known = |word: &str| WORDS.iter().find(|(known, _)| *known == word).map(|(_, class)| *class);
        known(&plain).or_else(|| known(plain.strip_prefix("is")?))
    }

    /// The class that a file's name or a comment tells: one, two or three words of it side by side. The
    /// word *admin* alone tells nothing there: names of downloads have it.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let words: Vec<&str> =
            text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
        (1..=3).rev().find_map(|length| {
            words
                .windows(length)
                .map(|some| some.concat())
                .filter(|word| !word.to_ascii_lowercase().starts_with("admin") || word.ends_with(['s', 'S']))
                .find_map(|word| Self::parse(&word))
        })
    }
}

/// A set of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Classes(u8);

impl Classes {
    /// No class.
    pub const NONE: Self = Self(0);

    /// The set with this class in it.
    #[must_use]
    pub const fn with(self, class: UserClass) -> Self {
        Self(self.0 | 1 << class as u8)
    }

    /// Whether a class is in it.
    #[must_use]
    pub const fn has(self, class: UserClass) -> bool {
        self.0 & 1 << class as u8 != 0
    }

    /// The set without this class.
    #[must_use]
    pub const fn without(self, class: UserClass) -> Self {
        Self(self.0 & !(1 << class as u8))
    }

    /// The classes of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those in it, in their order.
    pub fn iter(self) -> impl Iterator<Item = UserClass> {
        UserClass::ALL.into_iter().filter(move |class| self.has(*class))
    }
}

/// What a row says of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UserEntry {
    /// Object id; empty where the row has none.
    pub id: String,
    /// User principal name, lower-case; empty where the row has none.
    pub name: String,
    /// Tenant; empty where the row does not say.
    pub tenant: String,
    /// What it says.
    pub classes: Classes,
    /// Directory roles, by name.
    pub roles: Vec<String>,
}

impl UserEntry {
    /// Takes the name or template id of a directory role in; whether it is one with power over others.
    pub fn add_role(&mut self, role: &str) -> bool {
        let role = role.trim();
        let known = Guid::parse(role).map_or_else(|| privileged_role_by_name(role), privileged_role);
        let name = known.map_or(role, |role| role.name);
        if !name.is_empty() && !self.roles.iter().any(|known| known == name) && self.roles.len() < MOST_ROLES {
            self.roles.push(name.chars().take(LONGEST_ROLE).collect());
        }
        let privileged = known.is_some_and(|role| role.tier <= Tier::High);
        if privileged {
            self.classes = self.classes.with(UserClass::Privileged);
        }
        privileged
    }
}

const MOST_ROLES: usize = 32;
const LONGEST_ROLE: usize = 80;

/// What all files say of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The classes of all of them.
    pub classes: Classes,
    /// Roles by name, sorted.
    pub roles: Vec<String>,
    /// Numbers of the inputs that say so, sorted.
    pub by: Vec<u32>,
}

/// All files about users, to be asked about one.
#[derive(Clone, Debug, Default)]
pub struct Users {
    entries: Vec<(u32, UserEntry)>,
    by_id: Map<String, Vec<usize>>,
    by_name: Map<String, Vec<usize>>,
}

impl Users {
    /// Of the rows of all inputs, by the number of the input; their order does not matter.
    #[must_use]
    pub fn new(mut entries: Vec<(u32, UserEntry)>) -> Self {
        entries.arrange();
        entries.dedup();
        let mut users = Self::default();
        for (place, (_, entry)) in entries.iter().enumerate() {
            for (key, index) in [(&entry.id, &mut users.by_id), (&entry.name, &mut users.by_name)] {
                if !key.is_empty() {
                    index.entry(key.clone()).or_default().push(place);
                }
            }
        }
        Self { entries, ..users }
    }

    /// The rows it was made of, each with the number of its input.
    #[must_use]
    pub fn into_entries(self) -> Vec<(u32, UserEntry)> {
        self.entries
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What is said of the user with this object id or, in rows without one, this name, in this tenant
    /// or in rows that name none; an empty tenant is not known. Ids and names as [`UserEntry`] has them.
    #[must_use]
    pub fn find(&self, tenant: &str, id: &str, name: &str) -> Told {
        let of_id = self.by_id.get(id).into_iter().flatten();
        // A name can be given to another user later; an id cannot.
        let is_other = |entry: &UserEntry| !entry.id.is_empty() && !id.is_empty() && entry.id != id;
        let of_name = self.by_name.get(name).into_iter().flatten();
        let mut told = Told::default();
        for (input, entry) in of_id.chain(of_name).filter_map(|place| self.entries.get(*place)) {
            let elsewhere = !entry.tenant.is_empty() && !tenant.is_empty() && entry.tenant != tenant;
            if elsewhere || is_other(entry) {
                continue;
            }
            told.classes = told.classes.and(entry.classes);
            told.roles.extend(entry.roles.iter().cloned());
            told.by.push(*input);
        }
        told.roles.arrange();
        told.roles.dedup();
        told.by.arrange();
        told.by.dedup();
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_classes() {
        use UserClass::{BreakGlass, Privileged, ServiceAccount, Vip};
        for (word, class) in [
            ("IsVIP", Some(Vip)),
            ("break-glass", Some(BreakGlass)),
            ("Break Glass", Some(BreakGlass)),
            ("IsServiceAccount", Some(ServiceAccount)),
            ("Admin", Some(Privileged)),
            ("administration", None),
            ("", None),
            ("is", None),
        ] {
            assert_eq!(UserClass::parse(word), class, "{word}");
        }
        assert_eq!(UserClass::of_text("our-break-glass-accounts.csv"), Some(BreakGlass));
        assert_eq!(UserClass::of_text("users.csv"), None);
        assert_eq!(UserClass::of_text("admin-center-users.csv"), None);
        assert_eq!(UserClass::of_text("our admins.csv"), Some(Privileged));
    }

    #[test]
    fn a_user_is_found_by_id_or_name_and_in_their_tenant() {
        let entry = |id: &str, name: &str, tenant: &str, class| UserEntry {
            id: id.to_owned(),
            name: name.to_owned(),
            tenant: tenant.to_owned(),
            classes: Classes::NONE.with(class),
            roles: vec![format!("role of {id}{name}")],
        };
        let rows = vec![
            (0, entry("1", "ann", "", UserClass::Vip)),
            (1, entry("", "ann", "", UserClass::Privileged)),
            (1, entry("1", "", "home", UserClass::BreakGlass)),
        ];
        let mut turned = rows.clone();
        turned.reverse();
        for users in [Users::new(rows), Users::new(turned)] {
            let classes = |tenant, id, name| users.find(tenant, id, name).classes.iter().collect::<Vec<_>>();
            use UserClass::{BreakGlass, Privileged, Vip};
            assert_eq!(classes("home", "1", "ann"), [Privileged, Vip, BreakGlass]);
            assert_eq!(classes("away", "1", "ann"), [Privileged, Vip]);
            assert_eq!(classes("home", "2", "ann"), [Privileged], "another ann");
            assert_eq!(classes("home", "2", "bob"), []);
            assert_eq!(users.find("", "1", "").roles, ["role of 1", "role of 1ann"]);
            assert_eq!(users.find("", "1", "ann").by, [0, 1]);
        }
    }

    #[test]
    fn a_role_with_power_makes_privileged_under_whichever_name() {
        for (role, privileged) in [
            ("Global Administrator", true),
            ("62e90394-69f5-4237-9190-012177145e10", true),
            ("Company Administrator", true),
            ("Message Center Reader", false),
        ] {
            let mut entry = UserEntry::default();
            assert_eq!(entry.add_role(role), privileged, "{role}");
            assert_eq!(entry.classes.has(UserClass::Privileged), privileged);
            assert_eq!(entry.roles.len(), 1);
        }
    }
}
