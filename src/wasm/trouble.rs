//! What becomes of a mistake in this program: the page is told where it was, and nothing of what
//! was being read.

use std::panic::{self, PanicHookInfo};

use super::messages::News;
use super::post;

/// Tells the page of a panic before the worker traps.
///
/// Running out of memory is no panic: the worker traps without a word, and from that the page
/// knows it.
pub(super) fn watch() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        gloo::console::error!(format!("Sign-in Sleuth broke at {place}"));
        post(&News::Broken { place, message: fixed_message(info) }, &[]);
    }));
}

/// The message where it was written in the source. One put together while running may hold a piece
/// of a record.
fn fixed_message(info: &PanicHookInfo<'_>) -> Option<String> {
    info.payload().downcast_ref::<&'static str>().map(|message| (*message).to_owned())
}
