//! Tables: any separator, quoted line breaks, doubled columns, and damage.

use signin_sleuth::intake::{LONGEST_RECORD, Problem};

use crate::taken::{Taken, read, read_every_way};

#[test]
fn rows_become_records_with_the_columns_that_are_looked_for() {
    for text in [
        "id,other,name\r\na,1,Ann\r\nb,2,\"Bob, \"\"the\r\nbuilder\"\"\"\r\n",
        "id;other;name\na;1;Ann\n\nb;2;\"Bob, \"\"the\r\nbuilder\"\"\"",
        "\u{feff}ID\tother\tName \na\t1\tAnn\nb\t2\t\"Bob, \"\"the\r\nbuilder\"\"\"\n",
    ] {
        let all = read_every_way(text.as_bytes());
        let records = all.records();
        assert_eq!(records.len(), 2, "{text}");
        assert_eq!((&records[0]["id"], &records[0]["name"]), (&"a".into(), &"Ann".into()));
        assert_eq!(records[1]["name"], "Bob, \"the\r\nbuilder\"");
        assert!(!records[0].contains_key("time"));
        let utf16: Vec<u8> = [0xFEFF_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(read_every_way(&utf16).records().len(), 2);
    }
}

#[test]
fn offsets_point_at_the_first_byte_of_the_row() {
    let text = "id,name\r\n\r\nä,\"x\r\ny\"\r\nb,\n";
    let all = read_every_way(text.as_bytes());
    assert_eq!(all.offsets(), [text.find('ä').unwrap() as u64, text.find("b,").unwrap() as u64]);
    let utf16: Vec<u8> = [0xFEFF_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(read_every_way(&utf16).offsets(), [2 + 2 * 11, 2 + 2 * 21]);
}

#[test]
fn of_two_columns_of_one_name_the_first_that_holds_something_counts() {
    let all = read_every_way(b"id,name,name\na,,second\nb,first,second\n");
    assert_eq!(all.records()[0]["name"], "second");
    assert_eq!(all.records()[1]["name"], "first");
}

#[test]
fn a_cut_last_row_is_rejected_and_the_others_stay() {
    let text = "id,name,time\na,b,c\nd,e";
    let all = read_every_way(text.as_bytes());
    assert_eq!(all.records().len(), 1);
    assert_eq!(all.rejected(), [(19, &Problem::BrokenOff { at: text.len() as u64 })]);
    let all = read_every_way(b"id,name\na,b\nc,\"d");
    assert_eq!((all.records().len(), all.rejected().len()), (1, 1));
    // A short row in the middle lost its last cells to a spreadsheet.
    let all = read_every_way(b"id,name,time\na\nb,c,d\n");
    assert_eq!(all.records().len(), 2);
}

#[test]
fn a_table_of_nothing_known_fails_as_a_whole() {
    let all = read_every_way(b"first,second\n1,2\n3,4\n");
    assert!(matches!(all.taken.as_slice(), [Taken::Failed(Problem::Unreadable(_))]), "{:?}", all.taken);
}

#[test]
fn a_row_that_is_too_long_is_passed_over() {
    let text = format!("id,name\na,b\nlong,{}\nc,d\n", "x".repeat(LONGEST_RECORD + 10));
    for size in [usize::MAX, 100_000] {
        let all = read(text.as_bytes(), &[size]);
        assert_eq!(all.records().len(), 2, "{size}");
        assert_eq!(all.rejected(), [(12, &Problem::TooLong)], "{size}");
        assert_eq!(all.offsets(), [8, (text.len() - 4) as u64]);
    }
}

#[test]
fn a_million_columns_do_not_hurt() {
    let header = format!("id{}\n", ",x".repeat(1_000_000));
    let text = format!("{header}a{}\n", ",y".repeat(1_000_000));
    let all = read(text.as_bytes(), &[1 << 16]);
    assert_eq!(all.records().len(), 1);
}

#[test]
fn json_with_quotes_that_nobody_escaped_is_put_together_again() {
    let text = "id,other,name\n\
                a,\"{\"k\":\"v\",\"l\":[\"x, y\",1]}\",Ann\n\
                b,{\"k\":\"v\",\"l\":1},Bob\n\
                c,\"{\"\"k\"\":\"\"v\"\",\"\"l\"\":1}\",Cid\r\n\
                d,\"{\"k\":\"one, \"two\"}\",Dan\n\
                e,,\"{\"k\":1}\"\n\
                f,plain,Fay\n";
    let all = read_every_way(text.as_bytes());
    let told: Vec<(String, String)> = all
        .records()
        .iter()
        .map(|row| (row["id"].as_str().unwrap().to_owned(), row["name"].as_str().unwrap().to_owned()))
        .collect();
    let expected = [("a", "Ann"), ("b", "Bob"), ("c", "Cid"), ("e", "{\"k\":1}"), ("f", "Fay")];
    assert_eq!(told, expected.map(|(id, name)| (id.to_owned(), name.to_owned())));
    // A quote within a text leaves it open where the JSON ends: the row alone is given up.
    assert_eq!(all.rejected(), [(text.find("\nd,").unwrap() as u64 + 1, &Problem::Shifted)]);
    let offsets = ["\na,", "\nb,", "\nc,", "\ne,", "\nf,"].map(|row| text.find(row).unwrap() as u64 + 1);
    assert_eq!(all.offsets(), offsets);
}

#[test]
fn a_row_with_more_cells_than_columns_is_rejected_alone() {
    let all = read_every_way(b"id,name\na,b\nc,Frankfurt, Hesse\nd,e,,\nf,g\n");
    assert_eq!((all.records().len(), all.rejected()), (3, vec![(12, &Problem::Shifted)]));
}

#[test]
fn a_quote_that_is_not_closed_swallows_no_row_behind_it() {
    // The quote after the comma opens a cell that the next row's quote closes.
    let text = "id,other,name\na,\"{\"k\":1,\"l:2}\",Ann\nb,\"{}\",Bob\nc,\"x\",Cid\nd,,Dan\n";
    let all = read_every_way(text.as_bytes());
    let ids: Vec<&str> = all.records().iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!((ids, all.rejected().len()), (vec!["b", "c", "d"], 1), "{:?}", all.taken);
    let last = read_every_way(b"id,other,name\na,\"{\"k\":1,\"l:2}\",Ann\nb,x,Bob\nc,y,Cid");
    assert_eq!((last.records().len(), last.rejected().len()), (2, 1), "{:?}", last.taken);
}
