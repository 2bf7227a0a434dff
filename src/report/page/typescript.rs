//! The types of questions and answers for the page: `www/model.ts` is generated from here, and
//! `www/exports.ts`, which exports there are and how to make them.

use std::path::Path;

use ts_rs::{Config, TS};

use crate::analysis::{AccessKind, ExportHint, History, Missing, OtherExport, Status, StepKind, TieKind};
use crate::detections::{
    Confidence, Exposure, FileExposure, FolderExposure, Group, MailExposure, SensitiveFile, Severity, SiteExposure,
};
use crate::enrichment::UserClass;
use crate::formats::Holds;
use crate::report::schema::{InputSummary, Notice, Rejected, Spot};
use crate::report::{NextStep, Phase};
use crate::sessions::{Side, UseKind};
use crate::tenant::PersonKind;

use super::allow::{Allowed, AllowedCount};
use super::column::{Column, Named};
use super::coverage::{Behaviour, CoverageView, FieldFilled, InputView, OpenQuestion};
use super::diff::{Agreement, DiffRow};
use super::distance::{DistancePoint, DistanceView, Leap};
use super::entity::{Act, EntityLink, EntityPlace, EntityView, RiskSaid, RiskSource, RoleSaid, UserView, Usual};
use super::filter::{Facet, FacetField, FacetValue, Filter, Loosen, Picked, SessionsPage, SortBy};
use super::finding::{EvidenceRow, FindingView};
use super::groups::{GroupBy, RowGroup};
use super::hand::Hand;
use super::incident::{IncidentLink, IncidentStep, IncidentView};
use super::lanes::{Lanes, Volume};
use super::lineage::{DeviceNode, EndNode, GrantNode, LineageView, ParentKind, UseNode};
use super::named::{NamedAnswer, NamedCell, NamedQuestion};
use super::networks::{OwnNetwork, Whose};
use super::overview::{Common, CoverageSums, Mark, Overview, Strip};
use super::preview::Preview;
use super::record::RecordView;
use super::rows::{Row, RowKind};
use super::session::{OwnerIs, SessionView};
use super::settings::{Hits, Setting, SettingKind};
use super::tally::{Counted, Match, Tallied, TalliedRow, Tally, TallyOrder};
use super::timeline::{Bins, Counts, RecordKind};
use super::trace::{Lane, RecordRef, Step};
use super::verdict::Verdict;
use super::within::Within;
use super::{Export, Question, guides};

const HEAD: &str = "// Questions of the page and their answers, generated from src/report/page/.\n\
                    // To write it anew: WRITE_TYPES=1 cargo test --lib typescript\n";

/// What each question is answered with.
const ANSWERS: &str = "export interface Answers {\n  overview: Overview;\n  sessions: SessionsPage;\n  \
                       keys: string[];\n  session: SessionView | null;\n  lanes: Lanes | null;\n  coverage: CoverageView;\n  \
                       tally: Tallied;\n  entity: EntityView | null;\n  tuning: Setting[];\n  \"own-networks\": OwnNetwork[];\n  questions: NamedQuestion[];\n  named: NamedAnswer | null;\n  steps: NextStep[];\n  preview: Preview;\n  hits: Hits[];\n  record: RecordView;\n  prepare: boolean;\n  linked: string | null;\n}\n";

macro_rules! declarations {
    ($($type:ty),* $(,)?) => {{
        let config = Config::default().with_large_int("number");
        let mut text = String::from(HEAD);
        $(
            text.push('\n');
            text.push_str("export ");
            text.push_str(&<$type as TS>::decl(&config));
            text.push('\n');
        )*
        text.push('\n');
        text.push_str(ANSWERS);
        text
    }};
}

#[test]
fn typescript_types_are_those_of_the_page_model() {
    let text = declarations![
        UserClass,
        Question,
        Export,
        Filter,
        Picked,
        FacetField,
        SortBy,
        Allowed,
        AllowedCount,
        Overview,
        CoverageSums,
        Common,
        Strip,
        Mark,
        Bins,
        Counts,
        RecordKind,
        SessionsPage,
        RowGroup,
        GroupBy,
        Row,
        RowKind,
        Hand,
        Facet,
        FacetValue,
        Loosen,
        SessionView,
        DistanceView,
        DistancePoint,
        Leap,
        LineageView,
        GrantNode,
        ParentKind,
        UseNode,
        UseKind,
        DeviceNode,
        EndNode,
        OwnerIs,
        IncidentView,
        IncidentLink,
        IncidentStep,
        Exposure,
        MailExposure,
        FolderExposure,
        FileExposure,
        SiteExposure,
        SensitiveFile,
        AccessKind,
        TieKind,
        StepKind,
        Verdict,
        DiffRow,
        Agreement,
        Step,
        Lane,
        RecordRef,
        FindingView,
        EvidenceRow,
        Lanes,
        Volume,
        CoverageView,
        OpenQuestion,
        Behaviour,
        InputView,
        FieldFilled,
        InputSummary,
        Spot,
        Rejected,
        Notice,
        ExportHint,
        OtherExport,
        Holds,
        History,
        Missing,
        Column,
        Named,
        Counted,
        Match,
        Tally,
        TallyOrder,
        Tallied,
        TalliedRow,
        EntityView,
        UserView,
        Usual,
        RiskSaid,
        RiskSource,
        RoleSaid,
        Within,
        NamedQuestion,
        NamedAnswer,
        NamedCell,
        NextStep,
        Phase,
        Preview,
        EntityPlace,
        EntityLink,
        Act,
        Hits,
        Setting,
        SettingKind,
        OwnNetwork,
        Whose,
        RecordView,
        Severity,
        Confidence,
        Group,
        Side,
        PersonKind,
        Status,
    ];
    assert_fresh("www/model.ts", &text);
}

#[test]
fn typescript_guides_are_those_of_the_table_of_exports() {
    assert_fresh("www/exports.ts", &guides::text());
}

/// Compares a generated file, or writes it anew.
fn assert_fresh(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("WRITE_TYPES").is_some() {
        std::fs::write(&file, text).expect("the file can be written");
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(written == text, "{path} is stale: run `WRITE_TYPES=1 cargo test --lib typescript`");
}
