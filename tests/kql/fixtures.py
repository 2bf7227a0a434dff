"""Executes the KQL twins on the fixtures of their detections.

    python3 tests/kql/fixtures.py [--binary PATH]

The Rust tests hold what Rust finds in these records (`_expect`); here they are rows of the tables, and the
twin is held against the same: its rows name exactly the records that Rust's findings rest on, near misses
left out, but for those that HELD names one by one with the reason. A twin that is not listed there is held
against all: its rows name, in whatever columns, each record that Rust's findings rest on, and no other. An
exception that excuses nothing fails, and so does a column that never holds what Rust finds.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

# Neither DuckDB nor Python is to mind where the machine stands.
os.environ["TZ"] = "UTC"

import duckdb
import duckdb_kql

import tables
from run import Failure, find_binary, without_lookback

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent / "detections"


class Held:
    """What a twin's columns are held against. `by`: column, roles of Rust's evidence, variants (all where none is
    named), and the field of a record that the column holds (its id where none is named). `left`: records that Rust
    finds and the twin does not; `more`: the other way round; each by id, with the reason. `given`: what the twin's
    header asks to be put in, by the name of its `let` line. Without columns, all records count, in any column."""

    def __init__(self, *by, left=None, more=None, given=None):
        self.by, self.left, self.more, self.given = by, left or {}, more or {}, given or {}


def by(column, roles="", variants=(), field=None):
    """Without roles: all of them."""
    return column, set(roles.split("|")) - {""}, set(variants), field


# All columns of a twin together.
ALL = "any"

# Why a twin leaves a record out that Rust finds, or the other way round.
WRITTEN = "the tables do not write it so"
WEIGHED = "what only Rust weighs: familiar places, own exits, Microsoft's servers, coordinates of nowhere"
APART = "the header of the twin says that it leaves this part out"


HELD = {
    "foci-pivot": Held(
        by("FirstId", "first"), by("SecondId", "second"),
        left={f"{case}-{part}": WRITTEN for case in ("names-of-apps-only", "written-differently") for part in ("first", "second")},
    ),
    "session-handover": Held(
        by("FirstId", "before", ["handover"]),
        # Programs are told apart by the device's system there, and not by the agent.
        left={f"{case}-first": APART for case in ("familiar-network", "hosting-and-agent", "hosting-and-agent-no-device", "other-agent")},
        more={f"{case}-first": WEIGHED for case in ("all-unknown", "own-egress", "seen-before")},
    ),
    "token-replay": Held(
        by("RequestId", "used elsewhere"), by("SignInId", "issued"),
        left={"missing-w": APART, "missing-x": APART},
        more={f"{case}-{part}": WEIGHED for case in ("microsoft", "unknown") for part in ("s", "x")},
    ),
    "refresh-from-new-place": Held(
        by("Id", "refresh"), by("StartId", "sign-in"),
        left={"session-of-days-refresh": APART, "session-of-days-start": APART},
        more={"server-refresh": WEIGHED, "server-start": WEIGHED},
    ),
    "device-code-broker": Held(
        by("Id", "redemption|later token"),
        left={"audience-among-others-redemption": WRITTEN, "wider-audience-redemption": WRITTEN},
    ),
    "device-code-sign-in": Held(by("Id", "redemption")),
    "broker-device-prt": Held(
        by("BrokerId", "broker token"), by("PrimaryId", "primary refresh token"),
        left={id: APART for id in (
            "no-protection-b", "opened-by-code-b", "two-code-b", "two-enrolment-b", "bound-code-p", "two-no-broker-p", "tuned-b",
        )},
    ),
    "device-fingerprint": Held(by("CorrelationId", "registration", ["default-build", "join-agent"], "correlationId")),
    "unusual-prt": Held(
        by("Id", "unusual token", ["broker", "exchanged"]),
        # The first of two stands in a column of its own; the broker's resources are rare or not.
        left={"exchanged-r": APART, "resource-b": APART, "resource-hosting-b": APART},
    ),
    "adversary-in-the-middle": Held(
        by("FirstId", "proxy", ["kit-agent", "two-networks"]), by("SecondId", "then", ["two-networks"]),
        more={f"{case}-{part}": WEIGHED for case in ("both-unfamiliar", "server") for part in ("first", "second")},
    ),
    "code-redeemed-elsewhere": Held(
        by("GivenId", "given"), by("Id", "redeemed"), more={"known-given": WEIGHED, "known-redeemed": WEIGHED},
    ),
    "device-code-then-enumeration": Held(by("Id", "device-code"), left={"byapp-s": APART}),
    "auth-transfer": Held(by("Id", "received")),
    "rare-app-user-resource-scope": Held(by("Id", "rare", ["client"]), left={"family-x": APART}, more={"lonely-x": WEIGHED}),
    "tool-user-agent": Held(by("Id", "tool"), left={"silent-t": APART}, more={"admin-t": WEIGHED, "home-t": WEIGHED}),
    "revoked-token-storm": Held(by("Id", "refused|after revocation"), left={"alive-x": APART, "expected-x": APART, "reset-x": APART}),
    "sign-in-without-policy": Held(by("Id", "not stopped", ["single-factor"])),
    "token-protection-lost": Held(by("Id", "unbound")),
    "impossible-travel": Held(
        by("Id", "arrival"), by("FromId", "departure"),
        left={"rough-70": APART, "rough-71": APART},
        more={id: WEIGHED for id in ("server-70", "server-71", "vpn-30", "vpn-31", "zero-70", "zero-71")},
    ),
    "anonymising-network": Held(by("Id", "success"), left={"tor-1": APART}, more={"private-3": WEIGHED, "private-4": WEIGHED}),
    "password-spray": Held(
        by("Id", "attempt", ["one-source"]),
        # From one network, and many addresses; the tenant's own exits and Microsoft's.
        left={f"rotating-{number}": APART for number in range(10)},
        more={
            **{f"{case}-{number}": WEIGHED for case in ("egress", "microsoft") for number in range(10)},
            **{f"own-egress-try{number}": WEIGHED for number in range(12)},
        },
    ),
    "brute-force-success": Held(by("Id", "wrong"), by("SuccessId", "success"), more={"owner-elsewhere": WEIGHED}),
    "user-enumeration": Held(by("Id", "attempt"), left={f"rotating-{number}": APART for number in range(15)}),
    "mfa-fatigue": Held(by("Id", "refusal"), by("ApprovalId", "approval")),
    "account-locked-then-success": Held(by("Id", "success")),
    "guest-from-new-tenant": Held(by("Id", "guest"), left={"oldcloud-x": APART}),
    "cross-tenant-attempt": Held(by("Id", "abroad"), left={"stopped-x": APART}),
    "portal-brute-force": Held(by("Ids", "wrong")),
    "sign-in-from-new-country": Held(
        by("Id", "new country"), left={"right-password-x": APART, "stopped-x": APART}, more={"cloud-x": WEIGHED},
    ),
    "policy-probe": Held(by("Id", "let in")),
    "self-service-reset": Held(by("ResetId", "reset")),
    "shared-second-factor": Held(by("Names", "factor", (), "target")),
    "privileged-sign-in": Held(by("Id", "unseen")),
    "dormant-account": Held(by("Id", "awake"), more={"gap-x": APART}),
    "slow-guessing": Held(by("UserPrincipalName", "guess", (), "userPrincipalName"), left={"right@contoso.example": APART}),
    "entra-connect-account": Held(by("Id", "elsewhere"), left={"sync-y": APART}),
    "identity-protection": Held(
        by("UserPrincipalName", "risk", (), "userPrincipalName"),
        left={
            f"{name}@contoso.example": APART
            for name in ("admin", "at-portal", "both-levels", "level", "one-factor", "own", "safe", "three")
        },
    ),
    "risk-ignored": Held(by("Id", "risky sign-in"), left={"realtime-s": APART}, more={"dismissed-s": APART, "settled-s": APART}),
    "risk-then-action": Held(
        by("RiskId", "risk"),
        left={f"{case}-s": APART for case in ("admin-registers", "minutes", "own-risk", "owner", "phone")},
        more={"low-r": APART},
    ),
    "workload-identity-risk": Held(
        by("ServicePrincipalId", "risk", (), "servicePrincipalId"),
        left={f"0d0b8a1e-31ef-4c30-8c3e-6d8e0c1b0a0{number}": APART for number in (1, 2, 3)},
    ),
    "watch-list": Held(by("Id", "address|account"), left={"block-1": APART, "system-1": APART}),
    # What an intruder does in the directory.
    "account-lifecycle": Held(by("AuditId", "act"), by("SignInIds", "use"), left={"dom-1": APART}, more={"same-1": APART}),
    "admins-removed": Held(by("AuditId", "act"), more={"self-2": APART}),
    "app-permission-granted": Held(by("AuditId", "act"), more={"kept-1": APART}),
    # Both sides of a consent, and scopes that stood there before.
    "application-consent": Held(
        by("AuditId", "act"), left={id: APART for id in ("all-mild-1", "blocked-1", "mild-1", "twin-1")},
        more={"nothing-1": APART, "twin-2": APART},
    ),
    "federation-changed": Held(by("AuditId", "act"), more={"prop-1": APART}),
    "guest-activity": Held(by("AuditId", "act"), left={"often-2": APART}, more={"ga-colleague-a": APART}),
    "method-removed": Held(by("AuditId", "act"), left={"empty-1": APART}, more={"never-1": APART}),
    "password-reset-by-admin": Held(by("AuditId", "act"), left={id: APART for id in ("far-1", "one-1", "slow-0", "slow-1")}),
    "role-activation-unusual": Held(by("AuditId", "act"), more={"short-1": APART, "start-1": APART}),
    "role-assigned": Held(
        by("AuditId", "act"),
        left={"active-1": APART, "reader-1": APART, "eligible-1": WRITTEN, "timed-1": WRITTEN},
    ),
    "service-principal-created": Held(by("AuditId", "act"), left={id: APART for id in ("brief-3", "far-0", "far-1", "one-1")}),
    "service-principal-credential": Held(by("AuditId", "act"), left={"plain-1": APART}, more={"gone-1": APART}),
    "temporary-access-pass": Held(by("AuditId", "act")),
    "conditional-access-weakened": Held(
        by("AuditId", "act"), left={id: APART for id in ("added-1", "group-1", "group-2", "more-1")},
    ),
    "directory-enumeration": Held(by("Ids", "read"), left={"hound-0": APART, "hound-1": APART}),
    "method-registered": Held(by("AuditId", "act"), more={"both-2": APART}),
    "trusted-location-changed": Held(by("AuditId", "act"), left={"gone-1": APART, "plain-1": APART}),
    # In mailboxes and with files.
    "mailbox-forwarding": Held(by("OfficeId", "forwarding"), more={"mf-below-a": APART, "mf-routed-a": APART}),
    "inbox-rule": Held(by("OfficeId", "rule"), left={"ir-delete-a": APART, "ir-mover-a": APART}),
    "mail-access": Held(
        by("Ids", "read"),
        left={f"ma-{name}": APART for name in ("daily-a", "daily-b", "daily-c", "exposed-b", "exposed-c", "tool-a")},
    ),
    "mass-download": Held(
        by("Ids", "file"), left={id: APART for id in ("md-daily-0", "md-daily-1", "md-daily-2", "md-tool-0", "md-tool-1")},
    ),
    "sharing-opened": Held(by("Ids", "act"), left={"so-secret-a": APART}),
    "traces-removed": Held(by("Ids", "deletion"), more={f"td-many-{number}": APART for number in range(30)}),
    # As applications.
    "workload-credential-new": Held(by("Id", "new credential")),
    "workload-new-network": Held(
        by("Id", "elsewhere"), left={"plain-x": APART, "stopped-x": APART, "vm-x": APART}, more={"ms-x": WEIGHED},
    ),
    "workload-dormant": Held(
        by("Id", "awake"), by("AuditIds", "credential"), more={"gap-x": APART, "made-g": APART, "made-x": APART},
    ),
    # The addresses of whoever is in another's session there.
    "person-as-workload": Held(
        by("Id", "application"), more={"three-4": APART}, given={"addresses": "dynamic(['198.51.100.7', '198.51.100.91', '198.51.100.92'])"},
    ),
}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--binary", default=os.environ.get("SLEUTH_BINARY"), help="the command (default: SLEUTH_BINARY, then target/)")
    arguments.add_argument("--only", help="one detection")
    arguments = arguments.parse_args()
    binary = find_binary(arguments.binary)
    passed, failures = 0, []
    print(f"{'detection':32} {'tuning':56} {'column':12} {'records':>7} {'KQL':>5} {'Rust':>5}")
    twins = {path.stem.replace("_", "-") for path in (HERE.parent.parent / "src" / "detections").glob("*.kql")}
    executed = HELD | {detection: Held() for detection in sorted(twins - set(HELD))}
    for detection, held in executed.items():
        if arguments.only in (None, detection):
            try:
                passed += check(binary, detection, held)
            except Failure as failure:
                failures.append(f"{detection}: {failure}")
    failures += [f"{detection} has no twin" for detection in sorted(set(HELD) - twins)]
    print(f"twins: {len(twins)}; executed here, whole: {len(executed)}")
    for failure in failures:
        print(f"FAILED {failure}")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


def check(binary, detection, held):
    """How many comparisons held."""
    columns = held.by or [by(ALL)]
    passed, wrong, seen, told = 0, [], set(), {column: 0 for column, *_ in columns}
    for kind in ("fires", "quiet"):
        for tune, records in groups(detection, kind).items():
            tunes = [part for setting in tune.split() for part in ("--tune", setting)]
            explained = subprocess.run([binary, "explain", detection, "--kql", *tunes], capture_output=True, text=True)
            if explained.returncode != 0:
                raise Failure(explained.stderr.strip())
            connection = duckdb.connect()
            read = tables.load(connection, records)
            found = duckdb_kql.kql(connection, filled(without_lookback(explained.stdout), held.given))
            names = [column[0] for column in found.description]
            rows = [dict(zip(names, row)) for row in found.fetchall()]
            for column, roles, variants, field in columns:
                if column == ALL:
                    twin = {value for row in rows for cell in row.values() for value in flat(cell)} & set(map(identity, records))
                else:
                    twin = {value for row in rows for value in flat(row[column])} - {""}
                rust = expected(records, roles, variants, field)
                seen |= twin | rust
                allowed = (rust - set(held.left)) | (twin & set(held.more))
                if twin != allowed:
                    wrong.append(f"{kind} {tune or 'default'}, {column}: only KQL {sorted(twin - allowed)[:8]}, only Rust {sorted(allowed - twin)[:8]}")
                told[column] += len(twin & rust)
                passed += 1
                print(f"{detection:32} {tune:56} {column:12} {sum(map(len, read.values())):>7} {len(twin):>5} {len(rust):>5}", flush=True)
    wrong += [f"{column} never holds what Rust finds: that proves nothing" for column, count in told.items() if not count]
    wrong += [f"{id} is an exception that none of the twin's rows or of Rust's records is" for id in {**held.left, **held.more} if id not in seen]
    if wrong:
        raise Failure("; ".join(wrong))
    return passed


def filled(twin, given):
    """The twin with what its header asks to be put in."""
    for name, value in given.items():
        twin, found = re.subn(rf"^let {name} = [^;]*;", f"let {name} = {value};", twin, flags=re.M)
        if found != 1:
            raise Failure(f"the twin has no line that says {name}")
    return twin


def groups(detection, kind):
    """The records of a fixture by the tuning that they are meant for."""
    found = {}
    path = FIXTURES / detection.replace("-", "_") / f"{kind}.ndjson"
    for line in path.read_text().splitlines():
        record = json.loads(line)
        found.setdefault(record.get("_tune", ""), []).append(record)
    return found


def expected(records, roles, variants, field):
    """Of the records that Rust's findings rest on in these roles: their ids, or what they have in a field."""
    found = set()
    for record in records:
        if "_expect" in record:
            variant, _, _, role = record["_expect"].split(" ", 3)
            if (not roles or role in roles) and (not variants or variant in variants):
                found.add(value(record, field))
    return found


def value(record, field):
    if field == "target":
        return record["targetResources"][0]["userPrincipalName"]
    return record.get(field, "") if field else identity(record)


def identity(record):
    return record.get("id") or record.get("properties", {}).get("id") or record["Id"]


def flat(value):
    """The texts of a column: those of a list one by one."""
    if isinstance(value, str) and value.startswith("["):
        return [str(item) for item in json.loads(value)]
    if isinstance(value, (list, tuple)):
        return [str(item) for item in value]
    return [] if value is None else [str(value)]


if __name__ == "__main__":
    sys.exit(main())
