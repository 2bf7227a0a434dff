"""Executes the KQL twins over generated tenants and compares them, row by row, with what Rust finds.

    python3 tests/kql/run.py [--binary PATH] [--seeds 1,2,3,4,5]

The binary makes the tenant and its tables, hands out each twin with its tuning filled in, and analyses
the same tables. The twins run on DuckDB through duckdb-kql. Those of ROUNDS are also read a third time, by
plain loops over the records (reading.py). Those of MATCHES hold the condition without what only Rust can
weigh: their rows are held against the records of Rust's evidence. The other twins are executed on the
fixtures of their detections (fixtures.py). Every setting must have matches, and every near miss must be
there and come out as its label says: a comparison of nothing with nothing does not count.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

# Neither DuckDB nor Python is to mind where the machine stands.
os.environ["TZ"] = "UTC"

import duckdb
import duckdb_kql

import reading

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SCHEMA = json.loads((HERE / "schema.json").read_text())
TYPES = {"string": "VARCHAR", "dynamic": "JSON", "datetime": "TIMESTAMP", "bool": "BOOLEAN", "long": "BIGINT", "real": "DOUBLE"}
PIVOT, BROKER, CREDENTIAL = "foci-pivot", "device-code-broker", "device-code-then-credential"

SHORT, LONG = "1,2,3,4,5", ",".join(map(str, range(1, 21)))

# Detections whose twin gives one row a record: the roles that those records have in Rust's evidence.
RECORDS = {
    "password-spray": {"attempt"},
    "brute-force-success": {"wrong"},
    "user-enumeration": {"attempt"},
    "mfa-fatigue": {"refusal"},
    "legacy-auth": {"success"},
    "ropc": {"ropc", "unknown app"},
    "impossible-travel": {"arrival"},
    "anonymising-network": {"success"},
}

# Of these Rust leaves out what is familiar for the user: all that it finds must be among the twin's rows.
BROADER = {"impossible-travel", "anonymising-network"}


def is_broader(detection, tuning):
    """Of a spray Rust leaves out the tenant's own networks, which an office reaches where a small share is enough."""
    return detection in BROADER or (detection == "password-spray" and "percent" in tuning)


# Twins that hold the match condition alone: of each column of ids, which roles of Rust's evidence it is held
# against, and how. "same": they are equal. "among": all rows of the twin are; Rust shows more, such as the later
# records of a session. "sessions": the sessions that Rust finds are all among the twin's, which knows neither the
# tenant's own networks nor what is familiar. The last word takes rows or findings of one variant alone: the part of
# adversary-in-the-middle on two networks is a lead, and not held against anything.
MATCHES = {
    "adversary-in-the-middle": [("FirstId", "same", {"proxy"}, "kit-agent")],
    "auth-transfer": [("Id", "same", {"received"}, None)],
    "broker-device-prt": [("BrokerId", "same", {"broker token"}, None), ("PrimaryId", "same", {"primary refresh token"}, None)],
    "code-redeemed-elsewhere": [("GivenId", "same", {"given"}, None), ("Id", "same", {"redeemed"}, None)],
    "device-code-sign-in": [("Id", "same", {"redemption"}, None)],
    "my-signins-bulk-registration": [("SignInId", "same", {"page"}, None), ("AuditId", "same", {"registration"}, None)],
    "rare-app-user-resource-scope": [("Id", "among", {"rare"}, None)],
    "refresh-from-new-place": [("Id", "among", {"refresh"}, None)],
    "session-handover": [("SessionId", "sessions", {"handover"}, "handover")],
    "token-protection-lost": [("Id", "among", {"unbound"}, None)],
    "tool-user-agent": [("Id", "same", {"tool"}, None)],
    "unusual-prt": [("Id", "among", {"unusual token"}, None)],
}

# Each round is one analysis: what is tuned of each detection.
ROUNDS = [
    {PIVOT: {}, BROKER: {}, CREDENTIAL: {}, **{detection: {} for detection in (*RECORDS, *MATCHES)}},
    {
        PIVOT: {"max-gap-minutes": "90"}, BROKER: {"strict": "true"}, CREDENTIAL: {"window-hours": "1"},
        "password-spray": {"users": "9", "tries": "5"}, "brute-force-success": {"wrong": "7"},
        "user-enumeration": {"users": "14"}, "mfa-fatigue": {"refusals": "3"}, "impossible-travel": {"kilometres": "500", "speed": "700"},
    },
    {
        PIVOT: {"azure-cli": "global-admin"}, "password-spray": {"window-minutes": "60", "percent": "40"},
        "brute-force-success": {"window-minutes": "60"}, "user-enumeration": {"window-minutes": "60"}, "mfa-fatigue": {"window-minutes": "60"},
    },
    {PIVOT: {"azure-cli": "global-admin-noncompliant"}},
    {PIVOT: {"streams": "non-interactive"}},
    {PIVOT: {"max-gap-minutes": "90", "azure-cli": "global-admin-noncompliant"}},
    {PIVOT: {"home-tenant-only": "false"}},
    {PIVOT: {"targets": "1950a258-227b-4e31-a9cf-717495945fc2"}},
]

# Rust lists so many pairs of a finding; a tenant of this test must stay below.
LISTED = {PIVOT: 1000, CREDENTIAL: 100}


class Failure(Exception):
    """Something that does not hold, in words."""


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--binary", default=os.environ.get("SLEUTH_BINARY"), help="the command (default: SLEUTH_BINARY, then target/)")
    arguments.add_argument("--seeds", help=f"tenants to make (default: {SHORT}; where SLEUTH_LONG is set: {LONG})")
    arguments = arguments.parse_args()
    binary = find_binary(arguments.binary)
    print(f"{'seed':>4} {'events':>7}  {'detection':28} {'setting':56} {'KQL':>5} {'Rust':>5} {'plain':>5}")
    passed, failures, matched = 0, [], dict.fromkeys(MATCHES, 0)
    for seed in (arguments.seeds or (LONG if os.environ.get("SLEUTH_LONG") else SHORT)).split(","):
        try:
            passed += check_seed(binary, seed.strip(), failures, matched)
        except Failure as failure:
            failures.append(f"seed {seed}: {failure}")
    failures += [f"{detection} matches nothing in any tenant: that proves nothing" for detection, rows in matched.items() if not rows]
    for failure in failures:
        print(f"FAILED {failure}")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


def find_binary(named):
    candidates = [pathlib.Path(named)] if named else [ROOT / "target" / profile / "signin-sleuth" for profile in ("release", "debug")]
    for candidate in candidates:
        if candidate.is_file():
            return str(candidate.resolve())
    sys.exit(f"no command at {', '.join(map(str, candidates))}: build it, or name it by --binary")


def run(binary, *arguments):
    done = subprocess.run([binary, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"signin-sleuth {' '.join(arguments)} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def check_seed(binary, seed, failures, matched):
    """How many comparisons of a tenant held; those that did not are added to the failures."""
    passed = 0
    with tempfile.TemporaryDirectory() as folder:
        run(binary, "generate", "--seed", seed, "--users", "36", "--near-misses", "--labels", "--format", "log-analytics-json", "--out", folder)
        labels = near_misses(json.loads((pathlib.Path(folder) / "labels.json").read_text()))
        tables = {name: pathlib.Path(folder) / f"{name}.json" for name in SCHEMA}
        records = {name: json.loads(path.read_text()) for name, path in tables.items()}
        events = sum(map(len, records.values()))
        if events < 5_000:
            raise Failure(f"{events} events are too few")
        connection = load(tables, records)
        for tunings in ROUNDS:
            tunes = [part for detection, tuning in tunings.items() for name, value in tuning.items() for part in ("--tune", f"{detection}.{name}={value}")]
            report = json.loads(run(binary, "analyze", *map(str, tables.values()), "--output", "json", *tunes))
            for detection, tuning in tunings.items():
                setting = " ".join(f"{name}={value}" for name, value in tuning.items()) or "default"
                try:
                    twin = run(binary, "explain", detection, "--kql", *tunes)
                    if detection in MATCHES:
                        counts = hold_match(twin, connection, records, report, detection)
                        matched[detection] += counts[0]
                    else:
                        counts = compare(twin, connection, records, report, detection, tuning, labels)
                    print(f"{seed:>4} {events:>7}  {detection:28} {setting:56} " + " ".join(f"{count:>5}" for count in counts), flush=True)
                    passed += 1
                except Failure as failure:
                    failures.append(f"seed {seed}, {detection}, {setting}: {failure}")
    return passed


def near_misses(labels):
    """Near misses by detection and reason: the ids of their events by step."""
    found = {}
    for label in labels["labels"]:
        named = re.fullmatch(r"near-miss: ([a-z-]+), (.*)", label["incident"])
        if named:
            found.setdefault(named[1], {}).setdefault(named[2], []).append((label["step"], label["event"]))
    for detection, least in ((PIVOT, 60), (BROKER, 18), (CREDENTIAL, 50), *((detection, 4) for detection in RECORDS)):
        if len(found.get(detection, {})) < least:
            raise Failure(f"{detection} has {len(found.get(detection, {}))} near misses, not {least}")
    return found


def load(tables, records):
    connection = duckdb.connect()
    for name, path in tables.items():
        columns = ", ".join(f"'{column}': '{TYPES[kind]}'" for column, kind in SCHEMA[name].items())
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM read_json(?, format = 'array', columns = {{{columns}}}, maximum_object_size = 100000000)", [str(path)])
        loaded = connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
        if loaded != len(records[name]):
            raise Failure(f"{name} was loaded with {loaded} rows, not {len(records[name])}")
    return connection


def hold_match(twin, connection, records, report, detection):
    """How many rows of the twin and records of Rust were held against each other."""
    rows = execute(connection, without_lookback(twin))
    sessions = {row["Id"]: row["SessionId"] for table in records.values() for row in table if row.get("SessionId")}
    counts = [0, 0, 0]
    for column, how, roles, variant in MATCHES[detection]:
        traced = [row for row in rows if variant is None or row.get("Trace", variant) == variant]
        # A row without partner has no id there.
        kql = {row[column] for row in traced if row[column]}
        of_variant = [finding for finding in report["findings"] if finding["detection"] == detection and (how == "among" or variant in (None, finding["variant"]))]
        rust = {item["event"] for finding in of_variant for item in finding["evidence"] if item["role"] in roles}
        if how == "same":
            differ("KQL", kql, "Rust", rust)
        elif how == "among":
            differ("KQL", kql, "Rust", kql & rust)
        else:
            rust = {sessions[event] for event in rust}
            differ("KQL", kql & rust, "Rust", rust)
        counts = [counts[0] + len(kql), counts[1] + len(rust), 0]
    return counts


def without_lookback(twin):
    twin, lookbacks = re.subn(r"^let lookback = [^;]*;", "let lookback = 36500d;", twin, flags=re.M)
    if lookbacks != 1:
        raise Failure("the twin has no line that says how far back it looks")
    return twin


def compare(twin, connection, records, report, detection, tuning, labels):
    rows = execute(connection, without_lookback(twin))
    kql = {row_of(detection, row) for row in rows}
    if len(kql) != len(rows):
        raise Failure(f"the twin gives {len(rows)} rows, of which {len(kql)} differ")
    rust = rows_of_report(report, detection, {row[-1]: row[0] for row in kql})
    if is_broader(detection, tuning):
        differ("KQL", kql & rust, "Rust", rust)
        if not tuning:
            hold_labels(rust, labels[detection], ("no match",))
    else:
        differ("KQL", kql, "Rust", rust)
    plain = reading.READINGS[detection](records, tuning)
    differ("KQL", kql, "the plain reading", plain)
    if not kql:
        raise Failure("nothing matches: that proves nothing")
    if set(tuning) <= {"max-gap-minutes"}:
        hold_labels(kql, labels[detection], ("no match", "over 90") if tuning else ("no match",))
    return len(kql), len(rust), len(plain)


def execute(connection, twin):
    result = duckdb_kql.kql(connection, twin)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row)) for row in result.fetchall()]


def row_of(detection, row):
    """What names a row of a twin."""
    if detection == PIVOT:
        return row["Variant"], row["FirstId"], row["SecondId"]
    if detection == BROKER:
        return row["Part"], row["Id"]
    if detection in RECORDS:
        return (row["Id"],)
    return row["SignInId"], row["AuditId"]


def rows_of_report(report, detection, parts):
    """What a report found, as rows of a twin; `parts` says of the broker's sign-ins which part the twin gave."""
    found = set()
    for finding in report["findings"]:
        if finding["detection"] != detection:
            continue
        facts = finding["facts"]
        if detection in RECORDS:
            found |= {(item["event"],) for item in finding["evidence"] if item["role"] in RECORDS[detection]}
            continue
        if detection == BROKER:
            found |= rows_of_broker(finding, parts)
            continue
        named = (finding["variant"],) if detection == PIVOT else ()
        pairs = {(*named, *pair) for pair in facts["pairs"]}
        total = facts["pair_count" if detection == PIVOT else "registrations"]
        if len(pairs) != total or total > LISTED[detection]:
            raise Failure(f"finding {finding['id']} counts {total} pairs and lists {len(pairs)}")
        # Evidence is exactly what takes part in a pair.
        parts = {id for pair in pairs for id in pair[len(named):]}
        evidence = {item["event"] for item in finding["evidence"]}
        if parts != evidence:
            raise Failure(f"finding {finding['id']} shows {len(evidence)} records, of which {len(parts)} take part")
        found |= pairs
    return found


def rows_of_broker(finding, parts):
    """The facts count the sign-ins of each part: they must agree with the twin's parts, too."""
    matched = [item["event"] for item in finding["evidence"] if item["role"] in ("redemption", "later token")]
    rows = {(parts.get(id), id) for id in matched}
    for part in ("exact", "wider"):
        counted = sum(1 for named, _ in rows if named == part)
        if counted != finding["facts"][part]:
            raise Failure(f"finding {finding['id']} counts {finding['facts'][part]} {part} sign-ins, the twin {counted}")
    return rows


def differ(left_name, left, right_name, right):
    if left != right:
        only_left, only_right = sorted(left - right), sorted(right - left)
        raise Failure(f"{left_name} has {len(left)} and {right_name} {len(right)}; only {left_name}: {only_left[:5]}, only {right_name}: {only_right[:5]}")


def hold_labels(found, labels, unless):
    """A near miss matches unless its reason says that it must not."""
    taking_part = {id for row in found for id in row}
    for reason, events in labels.items():
        matches = any(event in taking_part for _, event in events)
        if matches == any(words in reason for words in unless):
            raise Failure(f"near miss {reason!r} {'matches' if matches else 'does not match'}")


if __name__ == "__main__":
    sys.exit(main())
