//! What the page asks and is answered: built from small exports, read as the page reads them.
#![cfg(test)]

mod allow;
mod answers;
mod exports;
mod many;
mod networks;
mod session_charts;
mod tally;
