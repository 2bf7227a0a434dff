//! The people of the tenant, their machines, and the households they live in.

use std::sync::Arc;

use super::networks::{Home, SITES, Site};
use super::random::Random;
use super::record::{Client, Device, User};

/// The organisation's domain.
pub(super) const DOMAIN: &str = "contoso.example";

const FIRST: [&str; 40] = [
    "Anna", "Marta", "Jonas", "Lena", "Paul", "Clara", "Emil", "Nora", "Felix", "Ida", "Hugo", "Elin", "Louis",
    "Alice", "Jules", "Camille", "Arthur", "Manon", "Theo", "Ines", "Oliver", "Grace", "Harry", "Ivy", "George",
    "Freya", "Noah", "Amelia", "Leo", "Maya", "Karim", "Aylin", "Tomasz", "Zofia", "Mateo", "Lucia", "Ravi", "Priya",
    "Sven", "Greta",
];
const LAST: [&str; 48] = [
    "Albers",
    "Petersen",
    "Brandt",
    "Lorenz",
    "Vogel",
    "Hansen",
    "Keller",
    "Krause",
    "Seidel",
    "Winter",
    "Dubois",
    "Moreau",
    "Laurent",
    "Girard",
    "Bonnet",
    "Fontaine",
    "Chevalier",
    "Perrin",
    "Marchand",
    "Renard",
    "Ashton",
    "Barlow",
    "Cartwright",
    "Dawson",
    "Ellison",
    "Fletcher",
    "Garside",
    "Hartley",
    "Ingham",
    "Jowett",
    "Kershaw",
    "Lockwood",
    "Naylor",
    "Ogden",
    "Pickles",
    "Rawson",
    "Sykes",
    "Thackray",
    "Varley",
    "Whitaker",
    "Demir",
    "Kowalski",
    "Nowak",
    "Garcia",
    "Romano",
    "Shah",
    "Lindqvist",
    "Okafor",
];

/// What somebody does all day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Role {
    #[default]
    Office,
    /// Runs Azure CLI and PowerShell from a laptop that the company manages.
    Administrator,
    /// Works with Visual Studio Code, Azure DevOps and now and then Azure CLI.
    Developer,
    /// A meeting room's display, signed in by device code.
    Room,
    /// Somebody of another organisation.
    Guest,
}

/// A machine and the programs on it.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    pub(super) number: u64,
    pub(super) device: Option<Arc<Device>>,
    pub(super) browser: Arc<Client>,
    pub(super) native: Arc<Client>,
    /// Whether it holds a primary refresh token.
    pub(super) joined: bool,
}

/// A person.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) number: u32,
    pub(super) user: Arc<User>,
    pub(super) role: Role,
    pub(super) site: usize,
    pub(super) home: Home,
    pub(super) laptop: Machine,
    pub(super) phone: Option<Machine>,
    /// Minute of the day, local time, at which work usually begins.
    pub(super) begins: i64,
    /// Days of the week spent at the office, Monday first.
    pub(super) at_office: [bool; 7],
    /// First and last day of a trip.
    pub(super) trip: Option<(u32, u32)>,
    /// Tenant of the account, where it is another one.
    pub(super) foreign_tenant: Option<String>,
}

impl Person {
    pub(super) fn site(&self) -> &'static Site {
        let [first, ..] = &SITES;
        SITES.get(self.site).unwrap_or(first)
    }

    /// Whether a role in the directory stands behind the account.
    pub(super) fn is_administrator(&self) -> bool {
        self.role == Role::Administrator
    }
}

/// All people: an administrator in 16, a developer in 9, a meeting room in 12, a guest in 14.
pub(super) fn people(random: &Random, users: u32, days: u32) -> Vec<Person> {
    (0..users).map(|number| person(&mut random.child("person", u64::from(number)), number, days)).collect()
}

fn person(random: &mut Random, number: u32, days: u32) -> Person {
    let role = match number % 84 {
        3 | 19 | 35 | 51 | 67 | 83 => Role::Administrator,
        6 | 15 | 24 | 33 | 42 | 52 | 61 | 70 | 79 => Role::Developer,
        10 | 22 | 34 | 46 | 58 | 71 | 82 => Role::Room,
        12 | 26 | 40 | 54 | 68 | 81 => Role::Guest,
        _ => Role::Office,
    };
    let site = random.below(SITES.len() as u64) as usize;
    let [first, ..] = &SITES;
    let place = SITES.get(site).unwrap_or(first);
    let home = place.home(number, random);
    let user = Arc::new(account(random, number, role, place.office.name));
    let at_office = std::array::from_fn(|day| day < 5 && random.chance(55));
    let trip = (role == Role::Office && random.chance(8) && days > 4).then(|| {
        let first = random.below(u64::from(days - 3)) as u32;
        (first, first + 1 + random.below(3) as u32)
    });
    Person {
        number,
        role,
        site,
        home,
        laptop: laptop(random, number, role),
        phone: (!matches!(role, Role::Room | Role::Guest) && random.chance(85)).then(|| phone(random, number)),
        begins: random.between(450, 570),
        at_office,
        trip,
        foreign_tenant: (role == Role::Guest)
            .then(|| random.child("partner", u64::from(number) % 2).guid().to_string()),
        user,
    }
}

fn account(random: &mut Random, number: u32, role: Role, city: &str) -> User {
    let id = random.guid().to_string();
    if role == Role::Room {
        let display = format!("Meeting room {city} {}", number + 1);
        return User {
            id,
            name: format!("room-{}-{}@{DOMAIN}", city.to_lowercase(), number + 1),
            display,
            guest: false,
        };
    }
    // Steps through both lists at different speeds: names repeat after 240 people, who then carry a number.
    let first = FIRST.get((number as usize * 7) % FIRST.len()).copied().unwrap_or("Anna");
    let last = LAST.get((number as usize * 11 + number as usize / 240) % LAST.len()).copied().unwrap_or("Albers");
    let suffix = if number < 240 { String::new() } else { (number / 240).to_string() };
    let plain = format!("{}.{}{suffix}", first.to_lowercase(), last.to_lowercase());
    let name =
        if role == Role::Guest { format!("{plain}_example.com#EXT#@{DOMAIN}") } else { format!("{plain}@{DOMAIN}") };
    User { id, name, display: format!("{first} {last}{suffix}"), guest: role == Role::Guest }
}

fn laptop(random: &mut Random, number: u32, role: Role) -> Machine {
    let id = random.guid().to_string();
    let edge = 142 + random.below(4);
    if role == Role::Room {
        return room_display(id, number);
    }
    let mac = matches!(role, Role::Developer | Role::Guest) && random.chance(60) || random.chance(8);
    let (system, agent, native) = if mac {
        (
            "MacOs",
            format!(
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{edge}.0.0.0 Safari/537.36"
            ),
            "Mac OS X 15.1 MSAL.OSX 1.5.0 Microsoft Office".to_owned(),
        )
    } else {
        (
            "Windows 11",
            format!(
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{edge}.0.0.0 Safari/537.36 Edg/{edge}.0.0.0"
            ),
            "Windows-AzureAD-Authentication-Provider/1.0".to_owned(),
        )
    };
    let browser = if mac { format!("Chrome {edge}.0.0") } else { format!("Edge {edge}.0.0") };
    let device = (role != Role::Guest).then(|| {
        let hybrid = !mac && random.chance(30);
        Arc::new(Device {
            id,
            name: format!("{}-{:05}", if mac { "MAC" } else { "NB" }, 20_000 + number),
            trust: match (mac, hybrid) {
                (true, _) => "Azure AD registered",
                (false, true) => "Hybrid Azure AD joined",
                (false, false) => "Azure AD joined",
            },
            compliant: Some(!random.chance(6)),
            managed: Some(true),
        })
    });
    Machine {
        number: u64::from(number) * 2,
        joined: device.is_some() && !mac,
        device,
        browser: Arc::new(Client { agent, system, browser, kind: "Browser" }),
        native: Arc::new(Client {
            agent: native,
            system,
            browser: "Rich Client 4.66.1.0".to_owned(),
            kind: "Mobile Apps and Desktop clients",
        }),
    }
}

fn room_display(id: String, number: u32) -> Machine {
    let client = Arc::new(Client {
        agent: "Dalvik/2.1.0 (Linux; U; Android 12; Room Display Build/SKQ1)".to_owned(),
        system: "Android 12",
        browser: "Rich Client 5.3.0".to_owned(),
        kind: "Mobile Apps and Desktop clients",
    });
    Machine {
        number: u64::from(number) * 2,
        device: Some(Arc::new(Device {
            id,
            name: format!("ROOM-{number:03}"),
            trust: "Azure AD registered",
            compliant: Some(true),
            managed: Some(true),
        })),
        browser: Arc::clone(&client),
        native: client,
        joined: false,
    }
}

fn phone(random: &mut Random, number: u32) -> Machine {
    let id = random.guid().to_string();
    let apple = random.chance(60);
    let (system, agent, native) = if apple {
        (
            "Ios 18.1",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
            "Outlook-iOS/2.0 (iPhone; iOS 18.1)",
        )
    } else {
        (
            "Android 15",
            "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
            "Dalvik/2.1.0 (Linux; U; Android 15; Pixel 8 Build/AP4A)",
        )
    };
    // Not everybody lets the company register a private phone.
    let registered = random.chance(70);
    let device = registered.then(|| {
        Arc::new(Device {
            id,
            name: format!("{}-{:05}", if apple { "iPhone" } else { "Pixel" }, 40_000 + number),
            trust: "Azure AD registered",
            compliant: Some(true),
            managed: Some(true),
        })
    });
    let client = |agent: &str, browser: &str, kind| {
        Arc::new(Client { agent: agent.to_owned(), system, browser: browser.to_owned(), kind })
    };
    Machine {
        number: u64::from(number) * 2 + 1,
        device,
        browser: client(agent, if apple { "Mobile Safari 18.1" } else { "Chrome Mobile 142.0.0" }, "Browser"),
        native: client(native, "Rich Client 5.8.0", "Mobile Apps and Desktop clients"),
        joined: false,
    }
}

#[cfg(test)]
mod tests {
    use crate::order::Set;

    use super::*;

    #[test]
    fn nobody_shares_a_name_id_or_device() {
        let people = people(&Random::new(11), 600, 14);
        let names: Set<&str> = people.iter().map(|person| person.user.name.as_str()).collect();
        let ids: Set<&str> = people.iter().map(|person| person.user.id.as_str()).collect();
        let machines = people.iter().flat_map(|person| [Some(&person.laptop), person.phone.as_ref()]).flatten();
        let devices: Vec<&str> = machines.filter_map(|machine| Some(machine.device.as_ref()?.id.as_str())).collect();
        assert_eq!((names.len(), ids.len()), (600, 600));
        assert_eq!(devices.iter().collect::<Set<_>>().len(), devices.len());
        for role in [Role::Office, Role::Administrator, Role::Developer, Role::Room, Role::Guest] {
            assert!(people.iter().take(50).any(|person| person.role == role), "{role:?}");
        }
    }
}
