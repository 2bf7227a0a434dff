//! What a question is about: a user, an address or network, a user agent.

use crate::analysis::Case;
use crate::enrichment::Span;
use crate::events::address::parse_address;
use crate::events::change::Target;
use crate::events::{Guid, Id, TextId};
use crate::order::Set;

use super::Takes;

/// What a question is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// All records.
    Nothing,
    /// A user or an application: as it was named, in lower case.
    User(String),
    /// An address or a network, and how it is written.
    Address(Span, String),
    /// A part of a user agent, in lower case.
    Agent(String),
}

/// A text that is not what the question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    /// It is no address.
    #[error("it is no address; give one such as 203.0.113.7, or a network such as 203.0.113.0/24")]
    Address,
    /// It is empty.
    #[error("it is empty; give a name, an address or a user agent, whatever the question is about")]
    Empty,
}

impl Subject {
    /// Reads a subject.
    ///
    /// # Errors
    /// When the text is not what the question is about.
    pub fn read(takes: Takes, text: &str) -> Result<Self, SubjectError> {
        let plain = text.trim();
        if plain.is_empty() && takes != Takes::Nothing {
            return Err(SubjectError::Empty);
        }
        Ok(match takes {
            Takes::Nothing => Self::Nothing,
            Takes::User => Self::User(plain.to_lowercase()),
            Takes::Agent => Self::Agent(plain.to_lowercase()),
            Takes::Address => {
                let address = parse_address(plain);
                let network = || Span::parse(plain).ok().filter(|span| matches!(span, Span::Addresses { .. }));
                let span = address.map(Span::of).or_else(network).ok_or(SubjectError::Address)?;
                Self::Address(span, address.map_or_else(|| plain.to_lowercase(), |address| address.to_string()))
            }
        })
    }

    /// As an answer repeats it.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::User(text) | Self::Agent(text) | Self::Address(_, text) => Some(text.clone()),
        }
    }
}

/// The addresses of a case that lie in a network.
pub(super) struct Places<'a> {
    case: &'a Case,
    network: Option<Span>,
}

impl<'a> Places<'a> {
    pub(super) const fn new(case: &'a Case, subject: &Subject) -> Self {
        let network = match subject {
            Subject::Address(network, _) => Some(*network),
            _ => None,
        };
        Self { case, network }
    }

    /// Whether an address is one of them.
    pub(super) fn has(&self, address: TextId) -> bool {
        let address = parse_address(self.case.store.texts.get(address));
        self.network.zip(address).is_some_and(|(network, address)| network.has(address))
    }
}

/// Everything by which records call a user or an application.
pub(super) struct Whom<'a> {
    case: &'a Case,
    names: Set<String>,
    ids: Set<Id>,
    persons: Set<u32>,
}

impl<'a> Whom<'a> {
    pub(super) fn new(case: &'a Case, subject: &Subject) -> Self {
        let mut whom = Self { case, names: Set::new(), ids: Set::new(), persons: Set::new() };
        let Subject::User(text) = subject else { return whom };
        let id = Guid::parse(text).map(Id::guid);
        let texts = &case.store.texts;
        for (number, person) in (0..).map_while(|number| Some((number, case.people.get(number)?))) {
            let name = texts.get(person.name).to_lowercase();
            if name == *text || id == Some(person.id) {
                whom.persons.insert(number);
                whom.ids.extend(person.id.value());
                whom.names.extend(Some(name).filter(|name| !name.is_empty()));
            }
        }
        whom.names.insert(text.clone());
        whom.ids.extend(id);
        whom
    }

    /// Whether it is a person of the case.
    pub(super) fn is(&self, person: u32) -> bool {
        self.persons.contains(&person)
    }

    /// Whether an event's user or principal is meant.
    pub(super) fn did(&self, user: u32, principal: u32) -> bool {
        let (user, principal) = (self.case.store.user(user), self.case.store.principal(principal));
        self.has(&[user.id, principal.id], &[user.name, user.display, principal.name])
    }

    fn has(&self, ids: &[Id], names: &[TextId]) -> bool {
        let texts = &self.case.store.texts;
        ids.iter().any(|id| id.has_value() && self.ids.contains(id))
            || names.iter().any(|name| name.has_value() && self.names.contains(&texts.get(*name).to_lowercase()))
    }

    /// Whether an act was done to it.
    pub(super) fn is_target(&self, target: &Target<'_>) -> bool {
        let id = target.object(&self.case.store);
        (id.has_value() && self.ids.contains(&id))
            || [&target.user, &target.name, &target.id]
                .into_iter()
                .any(|name| !name.is_empty() && self.names.contains(&name.to_lowercase()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_read_as_what_the_question_takes() {
        let address = |text: &str| Subject::read(Takes::Address, text).map(|subject| subject.text());
        assert_eq!(address(" 203.0.113.7:443 "), Ok(Some("203.0.113.7".to_owned())));
        assert_eq!(address("::ffff:203.0.113.7"), Ok(Some("203.0.113.7".to_owned())));
        assert_eq!(address("203.0.113.9/24"), Ok(Some("203.0.113.9/24".to_owned())));
        assert_eq!(address("AS64500"), Err(SubjectError::Address));
        assert_eq!(address("2001:DB8::1"), Ok(Some("2001:db8::1".to_owned())));
        assert_eq!(address("here"), Err(SubjectError::Address));
        assert_eq!(address(" "), Err(SubjectError::Empty));
        assert_eq!(
            Subject::read(Takes::User, "Ada@Contoso.example"),
            Ok(Subject::User("ada@contoso.example".to_owned()))
        );
        assert_eq!(Subject::read(Takes::Nothing, ""), Ok(Subject::Nothing));
    }
}
