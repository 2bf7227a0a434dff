//! `signin-sleuth inspect`.

use super::fixtures::{folder, gzip, lines, many, stolen, write};
use super::running::{run, run_with};

#[test]
fn a_file_is_told_with_its_time_its_people_and_what_it_is_good_for() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&stolen()));
    write(folder.path(), "notes.txt", "hello");
    let ran = run(folder.path(), &["inspect", ".", "--output", "json"]);
    let told = ran.json();
    let [file, notes] = told.as_array().unwrap().as_slice() else { panic!("{told}") };
    assert_eq!(
        (&file["name"], &file["format"], &file["records"]),
        (&"a.ndjson".into(), &"graph-sign-in".into(), &4.into())
    );
    assert_eq!((&file["is_sample"], &file["rejected"]), (&false.into(), &0.into()));
    let events: u64 = file["events"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(events, 4);
    let field = |name: &str| {
        let mut fields = file["fields"].as_array().unwrap().iter();
        fields.find(|field| field["field"] == name).unwrap().clone()
    };
    assert_eq!((&field("session_id")["filled"], &field("session_id")["of"]), (&4.into(), &4.into()));
    assert_eq!(field("authentication_details")["absent"], 4);
    let good: Vec<&str> =
        file["good_for"].as_array().unwrap().iter().map(|one| one["detection"].as_str().unwrap()).collect();
    assert!(good.contains(&"foci-pivot"), "{good:?}");
    assert_eq!(notes["format"], "unknown");
    let text = run(folder.path(), &["inspect", "a.ndjson", "notes.txt"]);
    assert_eq!(text.code, 0, "{text:?}");
    for part in ["graph-sign-in", "4 records", "session_id", "Not read"] {
        assert!(text.out.contains(part), "{part}: {}", text.out);
    }
    assert_eq!(run(folder.path(), &["inspect", "notes.txt"]).code, 3);
}

#[test]
fn a_long_file_is_a_sample_unless_all_of_it_is_asked_for() {
    let folder = folder();
    let text = lines(&many());
    let times = (70 << 20) / text.len() + 1;
    write(folder.path(), "long.ndjson", text.repeat(times));
    let sample = run(folder.path(), &["inspect", "long.ndjson", "--output", "json"]).json();
    assert_eq!((&sample[0]["is_sample"], &sample[0]["rejected"]), (&true.into(), &serde_json::Value::Null));
    let bytes = sample[0]["bytes"].as_u64().unwrap();
    assert!((64 << 20..70 << 20).contains(&bytes), "{bytes}");
    let packed = gzip(text.as_bytes());
    let piped = run_with(folder.path(), &["inspect", "-", "--output", "json"], &packed).json();
    assert_eq!((&piped[0]["is_sample"], &piped[0]["rejected"]), (&false.into(), &0.into()));
    assert_eq!(piped[0]["records"], many().len() as u64);
}
