//! What the page asks and is answered: built from small exports, read as the page reads them.

mod answers;
mod exports;
