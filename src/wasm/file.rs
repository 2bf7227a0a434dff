//! Reading a file of the page, slice by slice.

use std::collections::VecDeque;
use std::ops::Range;

use gloo::file::Blob;
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Bytes asked for at once: smaller slices lose to the fixed cost of each.
const SLICE: u64 = 16 << 20;
/// Slices under way at a time, so that the browser reads on while this worker parses.
const AHEAD: usize = 2;
/// Bytes copied into this worker's memory at once.
const CHUNK: u32 = 1 << 20;

/// The file cannot be read: moved, changed, closed, or a folder.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gone;

impl From<JsValue> for Gone {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// Feeds the bytes of `range` to `take`, until it says that it has enough.
pub(super) async fn read(file: &Blob, range: Range<u64>, take: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), Gone> {
    let mut staging = Vec::new();
    let mut next = range.start;
    let mut under_way = VecDeque::new();
    loop {
        while under_way.len() < AHEAD && next < range.end {
            let end = range.end.min(next + SLICE);
            let slice = file.slice(next, end);
            let bytes: &web_sys::Blob = slice.as_ref();
            under_way.push_back((end - next, JsFuture::from(bytes.array_buffer())));
            next = end;
        }
        let Some((length, slice)) = under_way.pop_front() else { return Ok(()) };
        let slice = Uint8Array::new(&slice.await?);
        if u64::from(slice.length()) != length {
            return Err(Gone);
        }
        let mut start = 0;
        while start < slice.length() {
            let chunk = slice.subarray(start, slice.length().min(start + CHUNK));
            start += chunk.length();
            staging.resize(chunk.length() as usize, 0);
            chunk.copy_to(&mut staging);
            if take(&staging) {
                return Ok(());
            }
        }
    }
}
