// Questions of the page and their answers, generated from src/report/page/.
// To write it anew: WRITE_TYPES=1 cargo test --lib typescript

export type UserClass = "privileged" | "vip" | "break-glass" | "service-account";

export type Question = { "ask": "overview", 
/**
 * Bins that the strip has room for.
 */
bins: number, } | { "ask": "sessions", 
/**
 * Which rows.
 */
filter: Filter, 
/**
 * What stands together.
 */
group: GroupBy, 
/**
 * In which order.
 */
sort: SortBy, 
/**
 * The largest first.
 */
descending: boolean, 
/**
 * Number of the first.
 */
offset: number, 
/**
 * How many.
 */
limit: number, } | { "ask": "keys", 
/**
 * Which rows.
 */
filter: Filter, 
/**
 * What stands together.
 */
group: GroupBy, 
/**
 * In which order.
 */
sort: SortBy, 
/**
 * The largest first.
 */
descending: boolean, } | { "ask": "session", 
/**
 * Key of the row.
 */
key: string, } | { "ask": "linked", 
/**
 * The link.
 */
link: string, } | { "ask": "lanes", 
/**
 * Key of the row.
 */
key: string, 
/**
 * From when, milliseconds UTC.
 */
from: number | null, 
/**
 * To when.
 */
to: number | null, 
/**
 * Events told one by one at most.
 */
most: number, } | { "ask": "coverage" } | { "ask": "tally", 
/**
 * Which, and by what.
 */
tally: Tally, } | { "ask": "entity", 
/**
 * What it is.
 */
column: Column, 
/**
 * The value, as an answer gave it.
 */
value: string | null, 
/**
 * Only records of this time, and sessions whose mark lies in it.
 */
within: Within, } | { "ask": "prepare", 
/**
 * Which.
 */
column: Column, } | { "ask": "questions", 
/**
 * What it is a value of.
 */
column: Column, } | { "ask": "named", 
/**
 * Its name.
 */
name: string, 
/**
 * What it is about, as an answer gave it.
 */
subject: string, 
/**
 * Only records of this time.
 */
within: Within, } | { "ask": "steps", 
/**
 * Keys of the rows.
 */
keys: Array<string>, } | { "ask": "preview", 
/**
 * The values by `detection.tunable`, defaults for the rest.
 */
changes: { [key in string]: string }, } | { "ask": "tuning" } | { "ask": "own-networks" } | { "ask": "hits" } | { "ask": "record", 
/**
 * Number of the input.
 */
input: number, 
/**
 * Number of the record.
 */
record: number, 
/**
 * Where it begins, as its place says.
 */
offset: number, } | { "ask": "export", 
/**
 * Which.
 */
what: Export, };

export type Export = "report" | "findings" | "evidence" | { "kql": string } | "tuning" | "allow";

export type Filter = { 
/**
 * Text in user name, session id, address, application, device or place; each word must be there.
 */
text: string, 
/**
 * Only marks from here on, milliseconds UTC.
 */
from: number | null, 
/**
 * Only marks before this.
 */
to: number | null, 
/**
 * Only these values.
 */
only: Array<Picked>, 
/**
 * Not these values.
 */
not: Array<Picked>, };

export type Picked = { 
/**
 * The field.
 */
field: FacetField, 
/**
 * The value.
 */
value: string, };

export type FacetField = "severity" | "detection" | "network" | "country" | "user" | "agent" | "app" | "device" | "address";

export type SortBy = "severity" | "score" | "user" | "what" | "owner" | "other" | "changed" | "findings";

export type Allowed = { 
/**
 * What they have; an entry of nothing puts nothing aside.
 */
all: Array<Picked>, 
/**
 * Why it is harmless, in the analyst's words.
 */
note: string, };

export type AllowedCount = { 
/**
 * The entry.
 */
entry: Allowed, 
/**
 * Rows it puts aside that no entry before it does.
 */
hidden: number, 
/**
 * Of them those that would stand above the line.
 */
above: number, };

export type Overview = { 
/**
 * Version of the crate.
 */
version: string, 
/**
 * Commit it was built from.
 */
commit: string, 
/**
 * Day of the facts it carries.
 */
knowledge: string, 
/**
 * The verdict, one sentence a line.
 */
headline: Array<string>, 
/**
 * What to know beside it.
 */
lead: string, 
/**
 * What weakens the verdict most, of what is to know of the exports.
 */
caution: Notice | null, 
/**
 * How much there is to know of them in all.
 */
notices: number, 
/**
 * Where far too many sessions are flagged: what most of them share.
 */
common: Common | null, 
/**
 * Sessions of all users.
 */
sessions: number, 
/**
 * Sessions above the line.
 */
above: number, 
/**
 * Sessions below the line that show a sign.
 */
below: number, 
/**
 * The allow list, and what each entry hides: in no other number here.
 */
allowed: Array<AllowedCount>, 
/**
 * What could be looked for.
 */
coverage: CoverageSums, 
/**
 * Files that were read.
 */
files: number, 
/**
 * Events of all kinds.
 */
events: number, 
/**
 * Records that became no event.
 */
rejected: number, 
/**
 * The strip, where there is any event.
 */
strip: Strip | null, };

export type CoverageSums = { 
/**
 * In full.
 */
ran: number, 
/**
 * In part.
 */
partial: number, 
/**
 * Not at all.
 */
blind: number, 
/**
 * The weightiest reason why not.
 */
reason: string, };

export type Common = { 
/**
 * As a filter.
 */
picked: Picked, 
/**
 * As a person reads it.
 */
label: string, 
/**
 * How many of them share it.
 */
count: number, 
/**
 * How many do not.
 */
rest: number, };

export type Strip = { 
/**
 * How time is cut.
 */
bins: Bins, 
/**
 * Records of each kind.
 */
rows: Array<Counts>, 
/**
 * Flagged sessions, those above the line first; none of a side of the line that has too many.
 */
marks: Array<Mark>, 
/**
 * Flagged sessions above the line per bin, where there are too many to mark.
 */
flagged: Array<number> | null, 
/**
 * The same below the line.
 */
weak: Array<number> | null, };

export type Mark = { 
/**
 * Key of its row.
 */
key: string, 
/**
 * Where it stands, milliseconds UTC.
 */
time: number, 
/**
 * When the session began.
 */
first: number, 
/**
 * When it ended.
 */
last: number, 
/**
 * Whether it changed hands at its mark.
 */
changed: boolean, 
/**
 * Severity.
 */
severity: Severity, 
/**
 * Above the line.
 */
above: boolean, 
/**
 * Whose.
 */
user: string, 
/**
 * What happened.
 */
what: string, };

export type Bins = { 
/**
 * Where the first bin begins, in milliseconds UTC.
 */
from: number, 
/**
 * How long each is, in milliseconds.
 */
step: number, 
/**
 * How many there are.
 */
bins: number, };

export type Counts = { 
/**
 * Which kind.
 */
kind: RecordKind, 
/**
 * How many there are in all.
 */
total: number, 
/**
 * How many fall in each bin.
 */
counts: Array<number>, 
/**
 * Stretches of which the exports hold nothing, from and to in milliseconds: not looked at.
 */
gaps: Array<[number, number]>, };

export type RecordKind = "interactive" | "non-interactive" | "failed" | "directory" | "service-principal" | "managed-identity" | "activity" | "risk";

export type SessionsPage = { 
/**
 * Rows that the filter leaves.
 */
total: number, 
/**
 * Of them above the line; they come first.
 */
above: number, 
/**
 * Of them put aside by the allow list; they come last.
 */
allowed: number, 
/**
 * Rows in all.
 */
all: number, 
/**
 * Number of the first row given.
 */
offset: number, 
/**
 * The rows.
 */
rows: Array<Row>, 
/**
 * Heads over rows that stand together; given with the first page.
 */
groups: Array<RowGroup>, 
/**
 * What to filter by; given with the first page.
 */
facets: Array<Facet>, 
/**
 * Where the filter leaves nothing: what to leave out.
 */
loosen: Loosen | null, };

export type RowGroup = { 
/**
 * What they share; nothing for those on their own, which come last.
 */
key: string | null, 
/**
 * `A phished device code: two sessions of two users.`, or the value.
 */
title: string, 
/**
 * Number of the first row.
 */
first: number, 
/**
 * How many rows.
 */
rows: number, 
/**
 * Of how many users.
 */
users: number, 
/**
 * The worst of them.
 */
severity: Severity, 
/**
 * Their first event, milliseconds UTC.
 */
from: number, 
/**
 * Their last.
 */
to: number, };

export type GroupBy = "incident" | "user" | "session" | "network" | "address" | "detection" | "none";

export type Row = { 
/**
 * Key of the session, or id of the finding.
 */
key: string, 
/**
 * What stands for it in an address: the first 64 bits of the SHA-256 of its key, in hexadecimal.
 */
link: string, 
/**
 * What it stands for.
 */
kind: RowKind, 
/**
 * Severity.
 */
severity: Severity, 
/**
 * Whether it is above the line.
 */
above: boolean, 
/**
 * Number of the entry of the allow list that puts it aside; it is never above the line then.
 */
allowed: number | null, 
/**
 * Score, 0 to 100.
 */
score: number, 
/**
 * Of its surest strong finding.
 */
confidence: Confidence, 
/**
 * User name.
 */
user: string, 
/**
 * What the user is besides, as far as that is known.
 */
classes: Array<UserClass>, 
/**
 * What happened, in a few words.
 */
what: string, 
/**
 * The owner's side, or who was seen first.
 */
owner: Hand | null, 
/**
 * The other side, or who came later.
 */
other: Hand | null, 
/**
 * Whether the other side opened the session.
 */
opened: boolean, 
/**
 * Session id.
 */
session: string | null, 
/**
 * Id of the incident it is part of.
 */
incident: string | null, 
/**
 * Whether the sign-in that began it is in the exports.
 */
starts: boolean, 
/**
 * First event, milliseconds UTC.
 */
first: number, 
/**
 * When it changed hands.
 */
changed: number | null, 
/**
 * Last event.
 */
last: number, 
/**
 * Where its mark stands in time: the change of hands, else the first record of its findings that lies in it.
 */
marked: number, 
/**
 * Applications on the other side, or of all where there is none; a few.
 */
apps: Array<string>, 
/**
 * Devices there.
 */
devices: Array<string>, 
/**
 * Addresses there.
 */
addresses: Array<string>, 
/**
 * How many findings.
 */
findings: number, 
/**
 * How many events.
 */
events: number, };

export type RowKind = "session" | "inferred" | "finding";

export type Hand = { 
/**
 * Whose side.
 */
side: Side, 
/**
 * City, else country; empty where unknown.
 */
place: string, 
/**
 * Country; empty where unknown.
 */
country: string, 
/**
 * Network without the address: `AS64502 Polder Hosting`; the address where nothing else is known.
 */
network: string, 
/**
 * `hosting`, `VPN`, `Tor` or `proxy` where the network is one.
 */
rented: string | null, 
/**
 * Agent in words.
 */
agent: string, };

export type Facet = { 
/**
 * The field.
 */
field: FacetField, 
/**
 * Values, the most frequent of all rows first; severities by rank.
 */
values: Array<FacetValue>, };

export type FacetValue = { 
/**
 * The value, as a filter names it.
 */
value: string, 
/**
 * As a person reads it.
 */
label: string, 
/**
 * Rows with it that all filters of other fields leave.
 */
count: number, 
/**
 * Rows with it in all.
 */
all: number, };

export type Loosen = { 
/**
 * `text`, `time`, or a value of a field.
 */
what: string, 
/**
 * The value, where it is one of a field.
 */
picked: Picked | null, 
/**
 * Rows that would come back without it.
 */
back: number, };

export type SessionView = { 
/**
 * Its row.
 */
row: Row, 
/**
 * Object id of the user.
 */
user_id: string | null, 
/**
 * What kind of identity.
 */
user_kind: PersonKind, 
/**
 * Tenant.
 */
tenant: string, 
/**
 * The verdict.
 */
verdict: Verdict, 
/**
 * Who held it, in order of their first event.
 */
hands: Array<Hand>, 
/**
 * What owner's and other side differ in; one side alone where there is no other.
 */
diff: Array<DiffRow>, 
/**
 * What the owner's column shows.
 */
owner_is: OwnerIs, 
/**
 * Number of the holder in the other column.
 */
other_hand: number | null, 
/**
 * Properties that differ.
 */
differ: number, 
/**
 * Properties that are compared.
 */
compared: number, 
/**
 * Properties of which the exports do not say enough.
 */
unknown: number, 
/**
 * What happened, in order of time.
 */
story: Array<Step>, 
/**
 * How many steps there are in all.
 */
steps: number, 
/**
 * What came of it: its tokens, what used them, devices, what ended it.
 */
lineage: LineageView, 
/**
 * How far it was from the user's usual place; nothing where no place is known.
 */
distance: DistanceView | null, 
/**
 * Findings, the strongest first.
 */
findings: Array<FindingView>, 
/**
 * Kinds of evidence that the findings rest on.
 */
groups: Array<Group>, 
/**
 * The incident it is part of, with its story.
 */
incident: IncidentView | null, 
/**
 * Addresses, devices and applications in it, each kind in order of its first sign-in.
 */
entities: Array<EntityLink>, };

export type DistanceView = { 
/**
 * Where the user usually is.
 */
home: string, 
/**
 * Whether that is where most of the user's other sign-ins are; else where this session was seen first.
 */
usual: boolean, 
/**
 * Successes of the session, in order of time. Of those that stay at a place in one hand only the first and
 * the last are told.
 */
points: Array<DistancePoint>, 
/**
 * Successes of the user's other sessions in the same time.
 */
beside: Array<DistancePoint>, 
/**
 * Where it would have had to travel fastest.
 */
leap: Leap | null, 
/**
 * Successes of the session whose place is not known.
 */
unplaced: number, };

export type DistancePoint = { 
/**
 * When, milliseconds UTC.
 */
time: number, 
/**
 * Kilometres from the usual place.
 */
km: number, 
/**
 * Kilometres by which that may be wrong: without coordinates a country stands for any place in it.
 */
margin: number, 
/**
 * Where.
 */
at: string, 
/**
 * Number of the holder.
 */
hand: number | null, 
/**
 * Its record.
 */
place: RecordRef, };

export type Leap = { 
/**
 * When it left, milliseconds UTC.
 */
from: number, 
/**
 * When it arrived.
 */
to: number, 
/**
 * Kilometres between the places, margins taken off.
 */
km: number, 
/**
 * Kilometres an hour; nothing where it took no time.
 */
speed: number | null, };

export type LineageView = { 
/**
 * Record of the sign-in that opened it; nothing where it began before the export.
 */
root: RecordRef | null, 
/**
 * Tokens, those of one application, holder and incoming token together, in order of time.
 */
grants: Array<GrantNode>, 
/**
 * How many grants there are in all.
 */
grants_total: number, 
/**
 * What was done with them or in the session.
 */
uses: Array<UseNode>, 
/**
 * How many uses there are in all.
 */
uses_total: number, 
/**
 * Devices seen or registered in it.
 */
devices: Array<DeviceNode>, 
/**
 * What ended it, or should have.
 */
ends: Array<EndNode>, 
/**
 * When it was last used with success, milliseconds UTC.
 */
last_seen: number | null, };

export type GrantNode = { 
/**
 * The application.
 */
app: string, 
/**
 * What it asked for, each once; more are counted in the last.
 */
resources: Array<string>, 
/**
 * How it was asked for: `Signed in`, `Refresh token`, `Primary refresh token`.
 */
how: string, 
/**
 * Number of the holder.
 */
hand: number | null, 
/**
 * Successes.
 */
count: number, 
/**
 * Different token ids; 0 where the exports have none.
 */
tokens: number, 
/**
 * What it descends from.
 */
parent: ParentKind, 
/**
 * Number of the grant it descends from, where it is one of this session.
 */
of: number | null, 
/**
 * First success, milliseconds UTC.
 */
first: number, 
/**
 * Last.
 */
last: number, 
/**
 * Number of the device whose primary refresh token was presented first, where it is one of this session's.
 */
device: number | null, 
/**
 * Numbers of the findings that rest on one of its records, from one.
 */
findings: Array<number>, 
/**
 * The record of the first.
 */
place: RecordRef, };

export type ParentKind = "nothing" | "grant" | "other-session" | "not-in-exports" | "held";

export type UseNode = { 
/**
 * What kind of records.
 */
kind: UseKind, 
/**
 * The first in words.
 */
text: string, 
/**
 * Service or category.
 */
category: string, 
/**
 * Number of the grant whose token it was; nothing where only the session is known.
 */
of: number | null, 
/**
 * By what they are tied: `token id`, `session id`, `address and time`.
 */
link: string, 
/**
 * Number of the holder who was there.
 */
hand: number | null, 
/**
 * Where the first came from; empty where unknown or Microsoft's.
 */
network: string, 
/**
 * Different addresses.
 */
addresses: number, 
/**
 * How many.
 */
count: number, 
/**
 * First, milliseconds UTC.
 */
first: number, 
/**
 * Last.
 */
last: number, 
/**
 * Numbers of the findings that rest on the first, from one.
 */
findings: Array<number>, 
/**
 * The record of the first.
 */
place: RecordRef, };

export type UseKind = "call" | "act" | "directory";

export type DeviceNode = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name; empty where no record has one.
 */
name: string, 
/**
 * Number of the grant whose token registered it; nothing where only the session is known.
 */
of: number | null, 
/**
 * Whether a token id says so; else it is the last token for registering devices before it.
 */
sure: boolean, 
/**
 * Number of the holder who registered it, else who used it first.
 */
hand: number | null, 
/**
 * Record that registered it, where the exports hold it.
 */
registered: RecordRef | null, 
/**
 * Whether it was registered in this session.
 */
here: boolean, 
/**
 * Successes with a primary refresh token of it.
 */
primary: number, 
/**
 * How many of the user's sessions it has a part in.
 */
sessions: number, 
/**
 * First record, milliseconds UTC.
 */
first: number, 
/**
 * Last.
 */
last: number, 
/**
 * Numbers of the findings that rest on its registration, from one.
 */
findings: Array<number>, };

export type EndNode = { 
/**
 * When, milliseconds UTC.
 */
time: number, 
/**
 * In words.
 */
text: string, 
/**
 * How many successes of the session followed all the same.
 */
after: number, 
/**
 * Its record.
 */
place: RecordRef, };

export type OwnerIs = "owner" | "first" | "usual" | "nobody";

export type IncidentView = { 
/**
 * Stable id.
 */
id: string, 
/**
 * How bad.
 */
severity: Severity, 
/**
 * `A phished device code: two sessions of two users.`
 */
title: string, 
/**
 * How the intruder got in.
 */
access: AccessKind, 
/**
 * How sure that is.
 */
confidence: Confidence, 
/**
 * How many it happened to.
 */
users: number, 
/**
 * How many sessions it has.
 */
sessions: number, 
/**
 * What ties its parts together, the first of it.
 */
links: Array<IncidentLink>, 
/**
 * How many things tie its parts together.
 */
links_total: number, 
/**
 * What happened, in order of time: the first steps, and those of the session it is told beside.
 */
story: Array<IncidentStep>, 
/**
 * How many steps there are in all.
 */
steps: number, 
/**
 * Mails and files that must count as known to the intruder.
 */
exposure: Exposure, 
/**
 * The same in sentences, one a kind.
 */
exposed: Array<string>, };

export type IncidentLink = { 
/**
 * What kind of thing.
 */
kind: TieKind, 
/**
 * In words.
 */
text: string, };

export type IncidentStep = { 
/**
 * When it began, milliseconds UTC.
 */
time: number, 
/**
 * When it ended.
 */
until: number, 
/**
 * What it is.
 */
kind: StepKind, 
/**
 * In a sentence.
 */
text: string, 
/**
 * Whose hands, where known.
 */
side: Side | null, 
/**
 * Key of the session.
 */
session: string | null, 
/**
 * Name of whom it happened to.
 */
user: string, 
/**
 * Id of the finding that rests on it.
 */
finding: string, };

export type Exposure = { 
/**
 * Mails.
 */
mail: MailExposure | null, 
/**
 * Files.
 */
files: FileExposure | null, };

export type MailExposure = { 
/**
 * How many mails, as far as records say; one mail read twice counts twice.
 */
mails: number, 
/**
 * Records of single mails.
 */
bind: number, 
/**
 * Records of whole folders: all that was in them counts as read.
 */
sync: number, 
/**
 * Whether Exchange stopped writing down: then the list is not complete.
 */
throttled: boolean, 
/**
 * Whose mailboxes.
 */
mailboxes: Array<string>, 
/**
 * How many folders.
 */
folders_total: number, 
/**
 * Folders, the most read first.
 */
folders: Array<FolderExposure>, 
/**
 * Of how many different mails the ids are in the records.
 */
messages_listed: number, 
/**
 * Some of the ids: what a message trace finds them by.
 */
messages: Array<string>, };

export type FolderExposure = { 
/**
 * Its path.
 */
folder: string, 
/**
 * How many mails.
 */
mails: number, };

export type FileExposure = { 
/**
 * How many different files.
 */
files: number, 
/**
 * How many sites.
 */
sites_total: number, 
/**
 * Sites, those with the most files first.
 */
sites: Array<SiteExposure>, 
/**
 * Names of some of the files.
 */
names: Array<string>, 
/**
 * How many names speak of secrets, money or people.
 */
sensitive_total: number, 
/**
 * Some of them.
 */
sensitive: Array<SensitiveFile>, };

export type SiteExposure = { 
/**
 * Its address.
 */
site: string, 
/**
 * How many different files.
 */
files: number, };

export type SensitiveFile = { 
/**
 * Its name.
 */
name: string, 
/**
 * The words in it.
 */
words: Array<string>, };

export type AccessKind = "device-code" | "proxy" | "consent" | "password" | "token" | "unknown";

export type TieKind = "network" | "polling-address" | "device" | "registered-device" | "registered-method" | "rule-target" | "consented-app" | "token" | "user";

export type StepKind = "sign-in" | "device-code" | "interrupted" | "refused" | "refresh-token" | "primary-refresh-token" | "token" | "registration" | "directory-act" | "activity" | "risk";

export type Verdict = { 
/**
 * What it is, in a few words: `Stolen by device-code phishing.`
 */
lead: string, 
/**
 * How it went, and what is not known.
 */
text: string, };

export type DiffRow = { 
/**
 * Which.
 */
label: string, 
/**
 * The owner's side; nothing where the exports lack it.
 */
owner: string | null, 
/**
 * The other side.
 */
other: string | null, 
/**
 * Whether they agree.
 */
agreement: Agreement, };

export type Agreement = "same" | "differ" | "unknown" | "beside";

export type Step = { 
/**
 * When, milliseconds UTC.
 */
time: number, 
/**
 * When the last of several was.
 */
until: number, 
/**
 * How many.
 */
count: number, 
/**
 * Which lane.
 */
lane: Lane, 
/**
 * Number of the holder; nothing where it cannot be told.
 */
hand: number | null, 
/**
 * In words.
 */
text: string, 
/**
 * Whether it was refused.
 */
refused: boolean, 
/**
 * Numbers of the findings that rest on it, from one.
 */
findings: Array<number>, 
/**
 * The record of the first.
 */
place: RecordRef, };

export type Lane = "interactive" | "non-interactive" | "directory" | "activity" | "risk";

export type RecordRef = { 
/**
 * Number of the input.
 */
input: number, 
/**
 * Number of the record in it.
 */
record: number, 
/**
 * Its first byte.
 */
offset: number, };

export type FindingView = { 
/**
 * Stable id.
 */
id: string, 
/**
 * The detection.
 */
detection: string, 
/**
 * Which of its questions.
 */
variant: string, 
/**
 * How bad.
 */
severity: Severity, 
/**
 * How sure.
 */
confidence: Confidence, 
/**
 * Kind of evidence.
 */
group: Group, 
/**
 * One line.
 */
title: string, 
/**
 * Why.
 */
why: string, 
/**
 * ATT&CK techniques.
 */
techniques: Array<string>, 
/**
 * Records it rests on, in order of time.
 */
evidence: Array<EvidenceRow>, 
/**
 * How many there are in all.
 */
records: number, 
/**
 * Benign causes; each has to be asked.
 */
benign: Array<string>, 
/**
 * What to ask.
 */
ask: Array<string>, 
/**
 * What to do.
 */
next: Array<string>, 
/**
 * The query with the tuning filled in.
 */
kql: string, 
/**
 * What the detection knows beside, as name and value.
 */
facts: Array<[string, string]>, };

export type EvidenceRow = { 
/**
 * When, milliseconds UTC.
 */
time: number, 
/**
 * The part it plays.
 */
role: string, 
/**
 * Number of the holder; nothing where it cannot be told.
 */
hand: number | null, 
/**
 * In words.
 */
text: string, 
/**
 * Whether it was refused.
 */
refused: boolean, 
/**
 * Where the record stands.
 */
place: RecordRef, 
/**
 * Other records of the same event.
 */
also: Array<RecordRef>, };

export type Lanes = { 
/**
 * Where they begin, milliseconds UTC.
 */
from: number, 
/**
 * Where they end.
 */
to: number, 
/**
 * Lanes that there are records for.
 */
lanes: Array<Lane>, 
/**
 * Each event; or those that findings rest on, and the rest counted, where there are too many.
 */
marks: Array<Step>, 
/**
 * The rest, counted.
 */
volumes: Array<Volume>, 
/**
 * How many events in all.
 */
events: number, };

export type Volume = { 
/**
 * Which lane.
 */
lane: Lane, 
/**
 * Number of the holder.
 */
hand: number | null, 
/**
 * Where the stretch begins, milliseconds UTC.
 */
from: number, 
/**
 * Where it ends.
 */
to: number, 
/**
 * How many.
 */
count: number, };

export type CoverageView = { 
/**
 * How many behaviours.
 */
sums: CoverageSums, 
/**
 * How time is cut; nothing where there is no event.
 */
bins: Bins | null, 
/**
 * What the exports hold, kind by kind.
 */
holds: Array<Counts>, 
/**
 * What is open: what concerns the most sessions above the line first, then what the most behaviours wait for.
 */
open: Array<OpenQuestion>, 
/**
 * Behaviours, in the order of the registry.
 */
behaviours: Array<Behaviour>, 
/**
 * What was read.
 */
inputs: Array<InputView>, 
/**
 * What to know.
 */
notices: Array<Notice>, };

export type OpenQuestion = { 
/**
 * The question, as an analyst asks it.
 */
question: string, 
/**
 * Sessions above the line that it is about: the exports hold no such records of their time.
 */
sessions: number, 
/**
 * The export.
 */
export: ExportHint, 
/**
 * Ids of behaviours that could not be looked for without it.
 */
blind: Array<string>, 
/**
 * Ids of those that could be in part.
 */
partial: Array<string>, };

export type Behaviour = { 
/**
 * The detection.
 */
detection: string, 
/**
 * Its title.
 */
title: string, 
/**
 * What it looks for.
 */
looks_for: string, 
/**
 * Why it matters.
 */
why: string, 
/**
 * Kind of evidence.
 */
group: Group, 
/**
 * Whether it could look.
 */
status: Status, 
/**
 * Fields it lacked.
 */
missing: Array<Missing>, 
/**
 * Users whose history is too short, where it needs any.
 */
history: History | null, 
/**
 * In words.
 */
note: string, 
/**
 * Exports that would show more.
 */
exports: Array<ExportHint>, 
/**
 * Findings.
 */
hits: number, 
/**
 * Tunables that differ from their defaults, as `name value`.
 */
tuned: Array<string>, 
/**
 * References.
 */
references: Array<string>, };

export type InputView = { 
/**
 * Its accounting.
 */
summary: InputSummary, 
/**
 * Why nothing was read.
 */
failure: string | null, 
/**
 * Fields of its user sign-ins, best filled first.
 */
fields: Array<FieldFilled>, 
/**
 * Behaviours that could be looked for with it alone.
 */
good_for: Array<string>, 
/**
 * Those that could be in part.
 */
in_part: Array<string>, 
/**
 * Its events by kind, in words.
 */
kinds: Array<[string, number]>, 
/**
 * People who signed in.
 */
users: number, 
/**
 * Applications and identities without a person that did.
 */
programs: number, 
/**
 * What it gave that says more about events and people of other inputs, in words.
 */
gave: string | null, };

export type FieldFilled = { 
/**
 * The field.
 */
field: string, 
/**
 * User sign-ins in which it says something.
 */
filled: number, 
/**
 * All user sign-ins.
 */
of: number, };

export type InputSummary = { 
/**
 * Name; inside an archive after `!/`.
 */
name: string, 
/**
 * SHA-256, where it was asked for.
 */
sha256: string | null, 
/**
 * Bytes as the file has them.
 */
bytes: number, 
/**
 * What it was recognised as.
 */
format: string, 
/**
 * By which keys.
 */
marks: Array<string>, 
/**
 * Records of any kind.
 */
records: number, 
/**
 * Records that are the primary source of an event.
 */
events: number, 
/**
 * Records that completed an event of another source.
 */
merged: number, 
/**
 * Records equal to one before.
 */
duplicates: number, 
/**
 * The first rejected records.
 */
rejected: Array<Rejected>, 
/**
 * How many were rejected.
 */
rejected_total: number, 
/**
 * Records of known tables that are not used.
 */
other: { [key in string]: number }, 
/**
 * Records that only say more about an event or a person.
 */
enrichment: number, 
/**
 * Time of the first event.
 */
first: string | null, 
/**
 * Time of the last event.
 */
last: string | null, };

export type Spot = { 
/**
 * Byte offset in the unpacked input; nothing in a workbook.
 */
offset: number | null, 
/**
 * Name of the sheet, in a workbook.
 */
sheet?: string, 
/**
 * Number of the row in the sheet, from one; nothing where the sheet as a whole is meant.
 */
row?: number, };

export type Rejected = { 
/**
 * Number of the record, from zero.
 */
record: number, 
/**
 * Why.
 */
reason: string, 
/**
 * Byte offset in the unpacked input; nothing in a workbook.
 */
offset: number | null, 
/**
 * Name of the sheet, in a workbook.
 */
sheet?: string, 
/**
 * Number of the row in the sheet, from one; nothing where the sheet as a whole is meant.
 */
row?: number, };

export type Notice = { 
/**
 * What kind.
 */
kind: string, 
/**
 * The input it is about.
 */
input: number | null, 
/**
 * In words.
 */
text: string, 
/**
 * What to do about it.
 */
next: string, };

export type ExportHint = { 
/**
 * What it is: its records, and where they come from.
 */
kind: string, 
/**
 * Kinds of records to make it of.
 */
holds: Array<Holds>, 
/**
 * What it would show.
 */
why: string, 
/**
 * How to make it.
 */
how: string, 
/**
 * Other ways to get the same, the better first.
 */
also: Array<OtherExport>, };

export type OtherExport = { 
/**
 * Where the records come from.
 */
kind: string, 
/**
 * How to make it.
 */
how: string, };

export type Holds = "interactive" | "non-interactive" | "service-principal" | "managed-identity" | "directory" | "activity" | "calls" | "risk" | "steps" | "beside";

export type History = { 
/**
 * Users with less.
 */
users: number, 
/**
 * All users.
 */
of: number, 
/**
 * Days that are needed.
 */
days: number, };

export type Missing = { 
/**
 * The field.
 */
field: string, 
/**
 * Records that lack it.
 */
records: number, 
/**
 * Records that should have it.
 */
of: number, };

export type Column = "user" | "app" | "resource" | "scope" | "country" | "city" | "network" | "address" | "device" | "agent" | "result" | "ended" | "stream" | "client" | "legacy" | "protocol" | "transfer" | "access" | "policy" | "requirement" | "protection" | "token" | "method" | "risk" | "session" | "hour" | "credential" | "operation" | "category";

export type Named = { 
/**
 * What it is found by; empty where the field is there and holds nothing, null where the export has no
 * such field.
 */
value: string | null, 
/**
 * As a person reads it.
 */
label: string, 
/**
 * What there is to say besides: the id of an application, the meaning of a code.
 */
more: string, };

export type Counted = "sign-ins" | "acts";

export type Match = { 
/**
 * The column.
 */
column: Column, 
/**
 * The value, as an answer gave it.
 */
value: string | null, 
/**
 * Whether they must not have it.
 */
not: boolean, };

export type Tally = { 
/**
 * Which records.
 */
of: Counted, 
/**
 * By which columns, three at most.
 */
by: Array<Column>, 
/**
 * Only these: values of one column are alternatives, columns all hold.
 */
only: Array<Match>, 
/**
 * Only records of this time; what they are counted of is of this time, too.
 */
within: Within, 
/**
 * In which order.
 */
order: TallyOrder, 
/**
 * How many rows.
 */
limit: number, 
/**
 * Between which times it is told when the records of each row were, milliseconds UTC.
 */
ticks: [number, number] | null, };

export type TallyOrder = "most" | "rarest" | "value";

export type Tallied = { 
/**
 * Records that match.
 */
records: number, 
/**
 * Those of them that were refused.
 */
refused: number, 
/**
 * All records of the kind in this time.
 */
all: number, 
/**
 * Users of the records that match; applications without a user count too.
 */
users: number, 
/**
 * Users of all.
 */
all_users: number, 
/**
 * The first and the last that match, milliseconds UTC.
 */
span: [number, number] | null, 
/**
 * Combinations of values.
 */
groups: number, 
/**
 * Records of the largest.
 */
most: number, 
/**
 * The first of them.
 */
rows: Array<TalliedRow>, };

export type TalliedRow = { 
/**
 * A value of each column.
 */
values: Array<Named>, 
/**
 * Records.
 */
records: number, 
/**
 * Those of them that were refused.
 */
refused: number, 
/**
 * Users.
 */
users: number, 
/**
 * The first, milliseconds UTC.
 */
first: number, 
/**
 * The last.
 */
last: number, 
/**
 * Where asked for: parts of the time in which there are any, of 256, in order; true where all
 * of a part were refused.
 */
ticks: Array<[number, boolean]>, };

export type EntityView = { 
/**
 * What it is.
 */
column: Column, 
/**
 * Itself.
 */
named: Named, 
/**
 * The verdict on it, in a sentence.
 */
headline: string, 
/**
 * What is usual of it, in sentences.
 */
lead: string, 
/**
 * Its sign-ins, in all.
 */
sums: Tallied, 
/**
 * What is known of it, in pairs of name and value.
 */
facts: Array<[string, string]>, 
/**
 * Of a user: from where the sign-ins came that succeeded, those in other hands apart.
 */
places: Array<EntityPlace>, 
/**
 * What is known of a user alone.
 */
user: UserView | null, 
/**
 * Flagged sessions that it is part of, as the table of sessions orders them.
 */
sessions: Array<Row>, 
/**
 * How many there are.
 */
sessions_total: number, 
/**
 * Acts in and outside the directory, the last first.
 */
acts: Array<Act>, 
/**
 * How many there are.
 */
acts_total: number, 
/**
 * Its sign-ins by who made them, those of a user by where they came from, and when: between the first and the last.
 */
against: Tallied | null, 
/**
 * Of a user: its sign-ins by session.
 */
all_sessions: Tallied | null, };

export type UserView = { 
/**
 * What is usual, whatever the time that is looked at.
 */
usual: Array<Usual>, 
/**
 * Hours of the day with a good part of the sign-ins, the first and the last.
 */
hours: [number, number] | null, 
/**
 * Sign-ins that tell what is usual: those that succeeded, without sessions above the line.
 */
usual_of: number, 
/**
 * What was said of its risk, the last first.
 */
risks: Array<RiskSaid>, 
/**
 * How much there is in all.
 */
risks_total: number, 
/**
 * Whether any export holds risk detections or states of risk.
 */
risk_exports: boolean, 
/**
 * Whether any of its sign-ins say how risky they were.
 */
risk_in_sign_ins: boolean, 
/**
 * Directory roles, and who says so.
 */
roles: Array<RoleSaid>, 
/**
 * Changes of its methods of authentication, the last first.
 */
methods: Array<Act>, };

export type Usual = { 
/**
 * The kind.
 */
column: Column, 
/**
 * The most frequent.
 */
rows: Array<TalliedRow>, 
/**
 * How many values there are.
 */
values: number, };

export type RiskSaid = { 
/**
 * When, milliseconds UTC.
 */
time: number, 
/**
 * When it was said last, where sign-ins that follow each other say the same.
 */
until: number, 
/**
 * How many records say it.
 */
count: number, 
/**
 * Where it stands.
 */
source: RiskSource, 
/**
 * What was detected, in Entra's words; of a sign-in without it what it was.
 */
what: string, 
/**
 * Level, in Entra's words.
 */
level: string, 
/**
 * State, in Entra's words; empty where it is not said.
 */
state: string, 
/**
 * Why the state is what it is, in Entra's words.
 */
detail: string, 
/**
 * Address.
 */
address: string, };

export type RiskSource = "detection" | "state" | "sign-in";

export type RoleSaid = { 
/**
 * The role.
 */
role: string, 
/**
 * Whether it has power over others.
 */
privileged: boolean, 
/**
 * Who says so, and how.
 */
text: string, 
/**
 * When, milliseconds UTC; null where a file says it of no time.
 */
time: number | null, };

export type Within = { 
/**
 * From here on; null is from the first record on.
 */
from: number | null, 
/**
 * Before this; null is to the last record.
 */
to: number | null, };

export type NamedQuestion = { 
/**
 * Its name, the command's too.
 */
name: string, 
/**
 * What it asks, as a sentence without its end.
 */
about: string, 
/**
 * Kinds of records that it looks at and the exports have none of.
 */
lacks: Array<string>, };

export type NamedAnswer = { 
/**
 * The question's name.
 */
name: string, 
/**
 * What it asks.
 */
about: string, 
/**
 * Kinds of records that it looks at and the exports have none of: of these it says nothing.
 */
lacks: Array<string>, 
/**
 * Names of the columns.
 */
columns: Array<string>, 
/**
 * The first rows.
 */
rows: Array<Array<NamedCell>>, 
/**
 * Rows in all.
 */
total: number, };

export type NamedCell = string | number | { time: number };

export type NextStep = { 
/**
 * What it is for.
 */
phase: Phase, 
/**
 * What to do.
 */
text: string, 
/**
 * Keys of the sessions it is for, and ids of findings that belong to none; the worst first.
 */
sessions: Array<string>, 
/**
 * Names of their users, each once.
 */
users: Array<string>, };

export type Phase = "contain" | "evidence" | "ask" | "recover";

export type Preview = { 
/**
 * How much of it is worked out: 1 is all. Until then nothing else is known, and the question is put again.
 */
done: number, 
/**
 * What each detection would find.
 */
hits: Array<Hits>, 
/**
 * Rows that would be above the line.
 */
above: number, 
/**
 * Rows that would be below it.
 */
below: number, 
/**
 * Rows that the allow list would put aside.
 */
aside: number, };

export type EntityPlace = { 
/**
 * City, else country.
 */
label: string, 
/**
 * Degrees north.
 */
latitude: number, 
/**
 * Degrees east.
 */
longitude: number, 
/**
 * Kilometres by which that may be wrong.
 */
margin: number, 
/**
 * Sign-ins.
 */
records: number, 
/**
 * Whether they were in other hands.
 */
other: boolean, };

export type EntityLink = { 
/**
 * What it is.
 */
column: Column, 
/**
 * Itself.
 */
named: Named, };

export type Act = { 
/**
 * When, milliseconds UTC.
 */
time: number, 
/**
 * Who did it.
 */
user: Named, 
/**
 * What.
 */
text: string, 
/**
 * Whether it was refused or failed.
 */
refused: boolean, };

export type Hits = { 
/**
 * The detection.
 */
detection: string, 
/**
 * Findings.
 */
findings: number, 
/**
 * Flagged sessions, and findings that belong to none, that it has a part in; those put aside too.
 */
sessions: number, 
/**
 * Of them above the line.
 */
above: number, };

export type Setting = { 
/**
 * `detection.tunable`.
 */
key: string, 
/**
 * The detection, or what many of them ask.
 */
detection: string, 
/**
 * Its title.
 */
title: string, 
/**
 * The tunable.
 */
name: string, 
/**
 * What it takes.
 */
kind: SettingKind, 
/**
 * Words it takes, where it takes one of a few.
 */
choices: Array<string>, 
/**
 * What it is when nobody says otherwise.
 */
default: string, 
/**
 * What it is now.
 */
value: string, 
/**
 * What it does.
 */
what: string, };

export type SettingKind = "number" | "flag" | "choice" | "list" | "words" | "networks";

export type OwnNetwork = { 
/**
 * As it is tuned: `192.0.2.0/24`, `AS64500`.
 */
network: string, 
/**
 * Who runs it, where records say so.
 */
name: string, 
/**
 * People who sign in from there, those of flagged sessions left out; 0 where few do.
 */
users: number, 
/**
 * People who sign in at all.
 */
active: number, 
/**
 * Days on which they did, up to 64.
 */
days: number, 
/**
 * Whose it is.
 */
whose: Whose, };

export type Whose = "own" | "proposed" | "rented" | "ours" | "not-ours";

export type RecordView = { 
/**
 * Name of its input.
 */
name: string, 
/**
 * What the input was recognised as.
 */
format: string, 
/**
 * Where it begins, in words: at a byte, or in a row of a sheet.
 */
spot: string, 
/**
 * When, milliseconds UTC; nothing where the record is no event.
 */
time: number | null, 
/**
 * Whose.
 */
user: string, 
/**
 * In words.
 */
text: string, 
/**
 * The record's own id.
 */
id: string, 
/**
 * Correlation id.
 */
correlation: string, 
/**
 * Findings that rest on it, as role and title.
 */
findings: Array<[string, string]>, 
/**
 * Names of the fields those rest on, lower-case letters only.
 */
fields: Array<string>, };

export type Severity = "info" | "low" | "medium" | "high" | "critical";

export type Confidence = "low" | "medium" | "high";

export type Group = "token" | "network" | "device" | "password" | "directory" | "mailbox" | "workload" | "risk";

export type Side = "owner" | "other" | "first" | "later";

export type PersonKind = "partner" | "member" | "guest" | "service-principal" | "managed-identity" | "unknown";

export type Status = "ran" | "partial" | "blind";

export interface Answers {
  overview: Overview;
  sessions: SessionsPage;
  keys: string[];
  session: SessionView | null;
  lanes: Lanes | null;
  coverage: CoverageView;
  tally: Tallied;
  entity: EntityView | null;
  tuning: Setting[];
  "own-networks": OwnNetwork[];
  questions: NamedQuestion[];
  named: NamedAnswer | null;
  steps: NextStep[];
  preview: Preview;
  hits: Hits[];
  record: RecordView;
  prepare: boolean;
  linked: string | null;
}
