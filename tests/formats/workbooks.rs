//! Workbooks: an export that a spreadsheet saved again.

use signin_sleuth::analysis::{Case, Reading};
use signin_sleuth::intake::{Excerpt, SheetRow};
use signin_sleuth::report::notices;

use crate::portal::ROW;
use crate::support::{Told, assert_told, csv, read, sign_ins};
use crate::workbook::{Cell, Workbook, text};

fn read_workbook(workbook: &Workbook) -> Case {
    read(&[("InteractiveSignIns_2025-12-01_2025-12-31.xlsx", &workbook.bytes())])
}

/// Headers and one row.
fn table(cells: &[(&str, Cell)]) -> Vec<Vec<Cell>> {
    vec![cells.iter().map(|(name, _)| text(name)).collect(), cells.iter().map(|(_, cell)| cell.clone()).collect()]
}

fn portal() -> Vec<(&'static str, Cell)> {
    ROW.into_iter().map(|(name, cell)| (name, text(cell))).collect()
}

/// The row of the admin center with some cells in place of its own.
fn portal_with(cells: &[(&str, Cell)]) -> Vec<(&'static str, Cell)> {
    let mut row = portal();
    for (name, cell) in cells {
        row.iter_mut().find(|(known, _)| known == name).expect("a column of the export").1 = cell.clone();
    }
    row
}

fn sign_in(workbook: &Workbook) -> Told {
    let told = sign_ins(&read_workbook(workbook));
    assert_eq!(told.len(), 1, "{told:?}");
    told.into_iter().next().unwrap()
}

#[test]
fn an_export_saved_as_a_workbook_says_what_the_csv_says() {
    let name = "InteractiveSignIns_2025-12-01_2025-12-31.csv";
    let expected = sign_ins(&read(&[(name, csv(&ROW).as_bytes())]));
    let shared = Workbook::default().sheet("Sign-ins", 1, &table(&portal()));
    let inline: Vec<(&str, Cell)> = ROW.into_iter().map(|(name, cell)| (name, Cell::Inline(cell.to_owned()))).collect();
    let formula: Vec<(&str, Cell)> =
        ROW.into_iter().map(|(name, cell)| (name, Cell::Formula(cell.to_owned()))).collect();
    // What a spreadsheet takes for a date, a number, a truth value or nothing.
    let typed = portal_with(&[
        ("Date (UTC)", Cell::Date(45_995.347_002_314_82)),
        ("Sign-in error code", Cell::Nothing),
        ("Autonomous system  number", Cell::Number("3320".to_owned())),
        ("Token Protection - Sign In Session StatusCode", Cell::Number("1.002E3".to_owned())),
        ("Through Global Secure Access", Cell::Truth(false)),
        ("Latency", Cell::Number("87".to_owned())),
    ]);
    for (kind, workbook) in [
        ("shared", shared),
        ("inline", Workbook::default().sheet("Sign-ins", 1, &table(&inline))),
        ("formula", Workbook::default().sheet("Sign-ins", 1, &table(&formula))),
        ("typed", Workbook::default().sheet("Sign-ins", 1, &table(&typed))),
    ] {
        assert_eq!(sign_ins(&read_workbook(&workbook)), expected, "{kind}");
    }
}

#[test]
fn days_are_counted_from_1900_or_1904() {
    for (from_1904, days) in [(false, 45_995.347_002_314_82), (true, 44_533.347_002_314_82)] {
        let rows = table(&portal_with(&[("Date (UTC)", Cell::Date(days))]));
        let workbook = Workbook { from_1904, ..Workbook::default() }.sheet("Sign-ins", 1, &rows);
        assert_told(&sign_in(&workbook), &[("time", "2025-12-04T08:19:41.000000Z")]);
    }
}

#[test]
fn texts_are_joined_out_of_runs_and_keep_blanks_and_line_breaks() {
    let rich = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Date (UTC)</t></is></c>\
                <c r=\"B1\" t=\"inlineStr\"><is><r><t>User</t></r><r><rPr><b/></rPr><t>name</t></r></is></c>\
                <c t=\"inlineStr\"><is><t>Request ID</t></is></c><c t=\"inlineStr\"><is><t> Application  </t></is></c></row>\
                <row><c t=\"inlineStr\"><is><t>2025-12-04T08:19:41Z</t></is></c>\
                <c t=\"inlineStr\"><is><r><t>Ada@</t></r><r><t>contoso.example</t></r><rPh><t>x</t></rPh></is></c>\
                <c t=\"inlineStr\"><is><t>r1</t></is></c>\
                <c t=\"inlineStr\"><is><t xml:space=\"preserve\"><![CDATA[A & B <]]>&#233;_x000D_\n_x005F_x</t></is></c></row>";
    let told = sign_in(&Workbook::default().raw_sheet("s", rich));
    assert_told(&told, &[("user", "ada@contoso.example"), ("app", "A & B <\u{e9}\r\n_x")]);
}

#[test]
fn an_error_of_a_formula_empties_its_field_and_is_said() {
    let rows = table(&portal_with(&[("IP address", Cell::Error("#N/A")), ("Latency", Cell::Error("#REF!"))]));
    let case = read_workbook(&Workbook::default().sheet("Sign-ins", 1, &rows));
    let input = &case.inputs[0];
    assert_eq!((input.events, input.damaged.get("ip_address")), (1, Some(&1)), "{:?}", input.damaged);
    assert!(
        notices(&case).iter().any(|notice| notice.kind == "damaged" && notice.text.contains("ip_address in 1 record"))
    );
}

#[test]
fn every_sheet_of_an_export_is_read_and_others_are_named() {
    let mut audit = table(&[
        ("Date (UTC)", text("2025-12-04T08:20:00Z")),
        ("CorrelationId", text("c0ffee00-0000-0000-0000-00000000c0de")),
        ("Service", text("Core Directory")),
        ("Category", text("UserManagement")),
        ("Activity", text("Update user")),
        ("Result", text("success")),
        ("ActorType", text("User")),
        ("ActorUserPrincipalName", text("ada@contoso.example")),
        ("Target1Type", text("User")),
    ]);
    // A title and blank rows above the names of columns, in the ninth row.
    audit.insert(0, vec![Cell::Nothing, text("Audit log of contoso")]);
    let notes = [vec![text("What"), text("Who")], vec![text("a note"), text("bob")], vec![text("another")]];
    let workbook = Workbook::default()
        .sheet("Notes", 1, &notes)
        .sheet("Sign-ins & more", 1, &table(&portal()))
        .sheet("Audit", 8, &audit)
        .sheet("Of \u{202e}mine", 1, &notes)
        .sheet("Empty", 1, &[]);
    let case = read_workbook(&workbook);
    let input = &case.inputs[0];
    assert_eq!((input.records, input.events, input.refused_total), (6, 2, 0), "{input:?}");
    assert_eq!(input.format, "portal-audit-csv+portal-sign-in-csv");
    let other: Vec<(&str, u64)> = input.other.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(other, [("sheet Notes", 2), ("sheet unnamed", 2)]);
    let sheets: Vec<(u16, &str)> = input.sheets.iter().map(|(number, name)| (*number, name.as_str())).collect();
    assert_eq!(sheets, [(2, "Sign-ins & more"), (3, "Audit")]);
    let places = [case.store.sign_ins.iter().next().unwrap().offset, case.store.audits.iter().next().unwrap().offset];
    let rows = places.map(|place| SheetRow::of_offset(place).expect("a row"));
    assert_eq!(rows, [SheetRow { sheet: 2, header: 1, row: 2 }, SheetRow { sheet: 3, header: 9, row: 10 }]);
}

#[test]
fn columns_that_are_named_below_the_tenth_row_are_not_found() {
    let workbook = |first| Workbook::default().sheet("Sign-ins", first, &table(&portal()));
    assert_eq!(read_workbook(&workbook(10)).inputs[0].events, 1);
    let late = read_workbook(&workbook(11));
    assert_eq!((late.inputs[0].events, late.inputs[0].format.as_str()), (0, "unknown"));
    assert!(late.inputs[0].failure.as_deref().is_some_and(|why| why.contains("first ten rows")));
}

#[test]
fn a_row_is_shown_again_by_the_names_of_its_columns() {
    let rows = table(&portal_with(&[
        ("Date (UTC)", Cell::Date(45_995.25)),
        ("User", text("Ada \"the\" first\u{7}")),
        ("Home tenant name", Cell::Nothing),
    ]));
    let workbook = Workbook::default().sheet("x", 3, &rows);
    let bytes = workbook.bytes();
    let case = read_workbook(&workbook);
    let offset = case.store.sign_ins.iter().next().unwrap().offset;
    for chunk in [1, 1_000, usize::MAX] {
        let mut excerpt = Excerpt::new(offset);
        assert!(!bytes.chunks(chunk).any(|piece| excerpt.feed(piece)));
        let shown: serde_json::Value = serde_json::from_str(&excerpt.finish().expect("the row")).unwrap();
        assert_eq!(shown["Date (UTC)"], "2025-12-04T06:00:00");
        assert_eq!(shown["User"], "Ada \"the\" first\u{7}");
        assert_eq!(
            (&shown["Home tenant name"], &shown["Application ID"]),
            (&serde_json::Value::Null, &shown["Application ID"])
        );
        assert_eq!(shown["Application ID"], "29d9ed98-a469-4536-ade2-f981bc1d605e");
    }
    for wrong in
        [0, 17, SheetRow { sheet: 9, header: 3, row: 4 }.offset(), SheetRow { sheet: 1, header: 3, row: 5 }.offset()]
    {
        let mut excerpt = Excerpt::new(wrong);
        excerpt.feed(&bytes);
        assert_eq!(excerpt.finish(), None, "{wrong}");
    }
}

#[test]
fn a_workbook_says_the_same_in_any_chunks_and_beside_its_csv() {
    let bytes = Workbook::default().sheet("Sign-ins", 1, &table(&portal())).bytes();
    let part = |chunk: usize| {
        let mut reading = Reading::new("a.xlsx", 0, 0);
        bytes.chunks(chunk).for_each(|piece| reading.feed(piece));
        reading.finish()
    };
    let whole = part(usize::MAX);
    for chunk in [1, 2, 15, 16, 17, 1_000] {
        let cut = part(chunk);
        assert_eq!((cut.records, cut.fingerprint, cut.bytes), (whole.records, whole.fingerprint, whole.bytes));
        assert_eq!(cut.store.sign_ins.iter().collect::<Vec<_>>(), whole.store.sign_ins.iter().collect::<Vec<_>>());
    }
    // The same record as CSV and as workbook is one event.
    let case = read(&[("a.csv", csv(&ROW).as_bytes()), ("b.xlsx", &bytes)]);
    assert_eq!((case.inputs[0].events, case.inputs[1].events), (1, 0));
    assert_eq!(case.inputs[1].duplicates + case.inputs[1].merged, 1);
}
