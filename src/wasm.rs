//! The page's side: what a worker does. Reads files and answers questions by calling the core;
//! whatever can be done without JavaScript is done there.
//!
//! Every worker reads. What the others read goes straight to the first, through a port of its own,
//! and the first makes the case and answers.

mod archive;
mod desk;
mod file;
pub mod messages;
mod trouble;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::file::Blob;
use gloo::timers::callback::Interval;
use js_sys::{Array, Object, Reflect, Uint8Array};
use serde::Serialize as _;
use serde_wasm_bindgen::Serializer;
use sha2::{Digest as _, Sha256};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, MessagePort};

use crate::analysis::{Part, Reading, transfer};
use crate::generate;
use crate::intake::zip::Entry;
use crate::intake::{Excerpt, Problem, SheetRow};

use archive::Bytes;
use desk::Desks;
use messages::{Inside, News, Order, Reason};

/// Milliseconds between two words on how far a job is.
const EVERY: u32 = 100;
/// How a gzip file begins: in it, a place is only found by unpacking what is before.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Bytes a record is looked for in at once.
const EXCERPT: u64 = 256 << 10;

/// Takes over the worker: from now on it follows orders.
#[wasm_bindgen]
pub fn start() {
    trouble::watch();
    let worker = Rc::new(Worker::default());
    let listener =
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| Rc::clone(&worker).take(&event.data()));
    scope().set_onmessage(Some(listener.as_ref().unchecked_ref()));
    listener.forget();
    post(&News::Ready, &[]);
}

/// What a worker knows.
#[derive(Default)]
struct Worker {
    /// Where parts go; nothing in the first worker, which keeps them.
    deliver: RefCell<Option<MessagePort>>,
    desks: RefCell<Desks>,
    /// Nothing more is read.
    is_halted: Cell<bool>,
}

impl Worker {
    fn take(self: Rc<Self>, message: &JsValue) {
        let Ok(order) = serde_wasm_bindgen::from_value(beside(message, "order")) else {
            let message = Some("an order that this build does not know".to_owned());
            return post(&News::Broken { place: file!().to_owned(), message }, &[]);
        };
        match order {
            Order::Read { job, input, name, from, to, inside } => {
                let file = blob(message);
                // A file of an archive is read from its beginning, wherever that lies.
                let first = if inside.is_some() { 0 } else { from };
                let bytes = Bytes { file, range: from..to, entry: inside.map(Inside::entry) };
                spawn_local(async move { self.read(job, Reading::new(&name, input, first), bytes).await });
            }
            Order::Halt => self.is_halted.set(true),
            Order::List { id, name, outer } => {
                let file = blob(message);
                spawn_local(async move { archive::list(id, &name, outer, &file).await });
            }
            Order::Unpack { id, inside } => {
                let file = blob(message);
                spawn_local(async move { archive::unpack(id, &inside.entry(), &file).await });
            }
            Order::Deliver => *self.deliver.borrow_mut() = Some(beside(message, "port").unchecked_into()),
            Order::Collect => self.collect(&beside(message, "port").unchecked_into()),
            Order::Gather { id, jobs, add, tuning, times } => {
                self.desks.borrow_mut().gather(id, jobs, add, tuning, &times);
            }
            Order::Forget { below } => self.desks.borrow_mut().forget(below),
            Order::Preview { id, tuning, times, question } => {
                self.desks.borrow().preview(id, &tuning, &times, &question);
            }
            Order::Tune { id, changes } => self.desks.borrow_mut().tune(id, &changes),
            Order::Allow { id, entries } => self.desks.borrow_mut().allow(id, &entries),
            Order::Ask { id, question } => self.desks.borrow_mut().ask(id, &question),
            Order::Excerpt { id, offset, inside } => {
                let file = blob(message);
                let entry = inside.map(Inside::entry);
                spawn_local(async move { excerpt(id, &file, offset, entry.as_ref()).await });
            }
            Order::Prepare { id } => {
                desk::prepare();
                answer(id, b"null");
            }
            Order::Sample { id } => sample(id),
            Order::Digest { id, inside } => {
                let (file, entry) = (blob(message), inside.map(Inside::entry));
                let range = entry.as_ref().map_or(0..file.size(), |entry| entry.from..entry.to);
                let bytes = Bytes { file, range, entry };
                spawn_local(async move { digest(id, &bytes).await });
            }
            Order::Hash { id } => {
                answer(id, &Sha256::digest(Uint8Array::new(&beside(message, "bytes")).to_vec()));
            }
        }
    }

    async fn read(&self, job: u32, mut reading: Reading, from: Bytes) {
        let seen = Rc::new(Cell::new((0, 0, 0)));
        let ticker = Interval::new(EVERY, {
            let seen = Rc::clone(&seen);
            let said = Cell::new((0, 0, 0));
            move || {
                let now @ (bytes, records, rejected) = seen.get();
                if said.replace(now) != now {
                    post(&News::Progress { job, bytes, records, rejected }, &[]);
                }
            }
        });
        let mut bytes = 0;
        let outcome = from
            .read_until(&|| self.is_halted.get(), &mut |taken, chunk| {
                reading.feed(chunk);
                bytes = taken;
                seen.set((bytes, reading.records(), reading.rejected()));
            })
            .await;
        drop(ticker);
        let is_stopped = matches!(outcome, Ok(Some(Problem::Stopped)));
        let mut part = match &outcome {
            Ok(Some(problem)) => reading.break_off(problem.clone()),
            Ok(None) | Err(_) => reading.finish(),
        };
        if outcome.is_ok() && !is_stopped {
            bytes = from.range.end - from.range.start;
        }
        if outcome.is_err() {
            part.failure =
                Some("it could not be read: moved, changed, in use by another program, or a folder".to_owned());
        }
        post(
            &News::Read {
                job,
                bytes,
                records: part.records,
                rejected: part.refused_total,
                format: Some(part.tally.formats.iter().copied().collect::<Vec<_>>().join("+"))
                    .filter(|format| !format.is_empty()),
                failure: part.failure.clone(),
                whole: part.whole,
            },
            &[],
        );
        self.keep(job, part);
    }

    fn keep(&self, job: u32, part: Part) {
        match &*self.deliver.borrow() {
            None => self.desks.borrow_mut().arrive(job, part),
            Some(port) => {
                let buffers = Array::new();
                transfer::send(part, &mut |bytes| {
                    buffers.push(&Uint8Array::from(bytes).buffer());
                });
                let message = Object::new();
                set(&message, "job", &job.into());
                set(&message, "buffers", &buffers);
                // Only a port that is closed refuses, and then nobody waits for the part.
                let _closed = port.post_message_with_transferable(&message, &buffers);
            }
        }
    }

    fn collect(self: Rc<Self>, port: &MessagePort) {
        let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let message = event.data();
            let job = beside(&message, "job").as_f64().unwrap_or(-1.0) as u32;
            let buffers: Array = beside(&message, "buffers").unchecked_into();
            // One after the other: a buffer is here and there only while it is taken over.
            match transfer::receive(buffers.iter().map(|buffer| Uint8Array::new(&buffer).to_vec())) {
                Ok(part) => self.desks.borrow_mut().arrive(job, part),
                Err(damaged) => {
                    post(&News::Broken { place: file!().to_owned(), message: Some(damaged.to_string()) }, &[]);
                }
            }
        });
        port.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        listener.forget();
    }
}

async fn digest(id: u32, bytes: &Bytes) {
    let mut hasher = Sha256::new();
    match bytes.read(&mut |_, chunk| hasher.update(chunk)).await {
        Ok(_) => answer(id, &hasher.finalize()),
        Err(file::Gone) => refuse(id, Reason::File, "the file was moved or changed"),
    }
}

async fn excerpt(id: u32, file: &Blob, offset: u64, entry: Option<&Entry>) {
    let found = match entry {
        Some(entry) => archive::look(file, entry, offset).await,
        None => look(file, offset).await,
    };
    match found {
        Ok(Some(text)) => answer(id, text.as_bytes()),
        Ok(None) => refuse(id, Reason::Record, "there is no record at this place of the file"),
        Err(file::Gone) => refuse(id, Reason::File, "the file was moved or changed"),
    }
}

async fn look(file: &Blob, offset: u64) -> Result<Option<String>, file::Gone> {
    let mut packed = false;
    file::read(file, 0..file.size().min(2), &mut |bytes| {
        packed = bytes.starts_with(&GZIP);
        true
    })
    .await?;
    let is_row = SheetRow::of_offset(offset).is_some();
    let mut next = if packed || is_row { 0 } else { offset };
    let mut excerpt = Excerpt::starting_at(offset, next);
    let mut done = false;
    while !done && next < file.size() {
        let end = file.size().min(next + EXCERPT);
        file::read(file, next..end, &mut |bytes| {
            done = excerpt.feed(bytes);
            done
        })
        .await?;
        next = end;
    }
    Ok(excerpt.finish())
}

fn sample(id: u32) {
    let files = generate::sample();
    let bytes = Array::new();
    for file in &files {
        bytes.push(&Uint8Array::from(file.bytes.as_slice()).buffer());
    }
    let names = files.into_iter().map(|file| file.name).collect();
    post(&News::Sample { id, names }, &[("files", &bytes)]);
}

fn answer(id: u32, bytes: &[u8]) {
    post(&News::Answer { id }, &[("bytes", &Uint8Array::from(bytes).buffer())]);
}

fn refuse(id: u32, reason: Reason, message: &str) {
    post(&News::Refused { id, reason, message: message.to_owned() }, &[]);
}

/// Tells the page something; the buffers beside it are handed over, not copied.
fn post(news: &News, beside: &[(&str, &JsValue)]) {
    let message = Object::new();
    let handed_over = Array::new();
    for (key, value) in beside {
        set(&message, key, value);
        match value.dyn_ref::<Array>() {
            Some(several) => several.iter().for_each(|buffer| {
                handed_over.push(&buffer);
            }),
            // The browser holds it; it is not handed over but known to both.
            None if value.is_instance_of::<web_sys::Blob>() => {}
            None => {
                handed_over.push(value);
            }
        }
    }
    if let Ok(news) = news.serialize(&as_the_page_reads()) {
        set(&message, "news", &news);
    }
    // The page is there as long as the worker is.
    let _posted = scope().post_message_with_transfer(&message, &handed_over);
}

/// Writes objects, not maps, and `null` for what is not known.
#[must_use]
pub fn as_the_page_reads() -> Serializer {
    Serializer::new().serialize_maps_as_objects(true).serialize_missing_as_null(true)
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn blob(message: &JsValue) -> Blob {
    Blob::from(beside(message, "file").unchecked_into::<web_sys::Blob>())
}

fn beside(message: &JsValue, key: &str) -> JsValue {
    Reflect::get(message, &key.into()).unwrap_or_default()
}

fn set(object: &Object, key: &str, value: &JsValue) {
    // A plain object takes any key.
    let _set = Reflect::set(object, &key.into(), value);
}
