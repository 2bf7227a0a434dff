//! Typed values of a database of addresses, found by path and never copied.

/// Values of a section that are looked at for one answer: real records have some fifty, and a forged
/// one must not cost more than a large one.
const MOST: usize = 4_096;
/// Pointers that are followed one after the other: a pointer never points to a pointer.
const HOPS: usize = 2;

/// A section of values; pointers count from its beginning.
#[derive(Clone, Copy, Debug)]
pub(super) struct Section<'a>(pub(super) &'a [u8]);

/// A value that somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'a> {
    /// UTF-8.
    Text(&'a str),
    /// A whole number.
    Number(u64),
    /// A fraction.
    Fraction(f64),
    /// Yes or no.
    Flag(bool),
}

impl<'a> Value<'a> {
    /// The text, if it is one.
    pub(super) fn text(self) -> Option<&'a str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The whole number, if it is one.
    pub(super) fn number(self) -> Option<u64> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }

    /// The number with its fraction, also where a text holds it.
    pub(super) fn fraction(self) -> Option<f64> {
        match self {
            Self::Fraction(number) => Some(number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Number(_) | Self::Flag(_) => None,
        }
    }

    /// Whether it says yes, in any of the ways in which databases do.
    pub(super) fn says_yes(self) -> bool {
        match self {
            Self::Flag(flag) => flag,
            Self::Text(text) => text.eq_ignore_ascii_case("true") || text == "1",
            Self::Number(number) => number == 1,
            Self::Fraction(_) => false,
        }
    }
}

/// What stands before a value.
#[derive(Clone, Copy)]
struct Head {
    kind: u8,
    /// Bytes, or elements of a map or list; of a pointer where it points to.
    size: usize,
    /// Offset of the first byte behind the head.
    next: usize,
}

const POINTER: u8 = 1;
const TEXT: u8 = 2;
const DOUBLE: u8 = 3;
const MAP: u8 = 7;
const LIST: u8 = 11;
const FLAG: u8 = 14;

impl<'a> Section<'a> {
    /// The value at the end of a path of keys from the map at `offset`. Of a list its first element is
    /// meant.
    pub(super) fn find(self, offset: usize, path: &[&str]) -> Option<Value<'a>> {
        let mut left = MOST;
        let mut at = offset;
        for key in path {
            at = self.member(at, key, &mut left)?;
        }
        self.value(self.target(at)?)
    }

    /// Offset of the value of a key in a map.
    fn member(self, at: usize, key: &str, left: &mut usize) -> Option<usize> {
        let mut head = self.target(at)?;
        if head.kind == LIST && head.size > 0 {
            head = self.target(head.next)?;
        }
        if head.kind != MAP {
            return None;
        }
        let mut at = head.next;
        for _ in 0..head.size {
            let found = self.value(self.target(at)?).and_then(Value::text) == Some(key);
            at = self.behind(at, left)?;
            if found {
                return Some(at);
            }
            at = self.behind(at, left)?;
        }
        None
    }

    /// Offset behind a value, whatever is in it.
    fn behind(self, at: usize, left: &mut usize) -> Option<usize> {
        let mut at = at;
        let mut waiting = 1_usize;
        while waiting > 0 {
            *left = left.checked_sub(1)?;
            let head = self.head(at)?;
            waiting -= 1;
            at = head.next;
            match head.kind {
                POINTER | FLAG => {}
                MAP => waiting = waiting.checked_add(head.size.checked_mul(2)?)?,
                LIST => waiting = waiting.checked_add(head.size)?,
                _ => at = at.checked_add(head.size)?,
            }
        }
        Some(at)
    }

    /// The head of a value, pointers followed.
    fn target(self, at: usize) -> Option<Head> {
        let mut head = self.head(at)?;
        for _ in 0..HOPS {
            if head.kind != POINTER {
                return Some(head);
            }
            head = self.head(head.size)?;
        }
        (head.kind != POINTER).then_some(head)
    }

    fn head(self, at: usize) -> Option<Head> {
        let control = *self.0.get(at)?;
        let mut next = at + 1;
        let mut bytes = |count: usize| {
            let taken = self.0.get(next..)?.get(..count)?;
            next += count;
            Some(taken.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte)))
        };
        let kind = match control >> 5 {
            0 => u8::try_from(bytes(1)?).ok()?.checked_add(7)?,
            kind => kind,
        };
        if kind == POINTER {
            let high = usize::from(control & 7);
            let size = match control >> 3 & 3 {
                0 => high << 8 | bytes(1)?,
                1 => (high << 16 | bytes(2)?) + 2_048,
                2 => (high << 24 | bytes(3)?) + 526_336,
                _ => bytes(4)?,
            };
            return Some(Head { kind, size, next });
        }
        let size = match usize::from(control & 31) {
            29 => 29 + bytes(1)?,
            30 => 285 + bytes(2)?,
            31 => 65_821 + bytes(3)?,
            size => size,
        };
        Some(Head { kind, size, next })
    }

    fn value(self, head: Head) -> Option<Value<'a>> {
        if head.kind == FLAG {
            return Some(Value::Flag(head.size == 1));
        }
        let bytes = self.0.get(head.next..)?.get(..head.size)?;
        match head.kind {
            TEXT => std::str::from_utf8(bytes).ok().map(Value::Text),
            DOUBLE => Some(Value::Fraction(f64::from_be_bytes(bytes.try_into().ok()?))),
            // Whole numbers of two, four and eight bytes, zeros before them left out.
            5 | 6 | 9 if bytes.len() <= 8 => {
                Some(Value::Number(bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))))
            }
            15 => Some(Value::Fraction(f64::from(f32::from_be_bytes(bytes.try_into().ok()?)))),
            _ => None,
        }
    }
}
