"""The detections read a third time, by plain loops over the records of the tables: written from the
definition, slow, and knowing neither the KQL nor the Rust.
"""

import datetime
import json
import math
import pathlib

ZERO = "00000000-0000-0000-0000-000000000000"
AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
TARGETS = [AZURE_CLI, "1950a258-227b-4e31-a9cf-717495945fc2", "00b41c95-dab0-4487-9791-b9d2c32c80f2"]
DIRECTORY_GRAPH = "00000002-0000-0000-c000-000000000000"
DIRECTORY_CLIENTS = {
    AZURE_CLI, "1950a258-227b-4e31-a9cf-717495945fc2", "872cd9fa-d31f-45e0-9eab-6e460a02d1f1",
    "d7b530a4-7680-4c23-a8bf-c52c121d2e87", "14638111-3389-403d-b206-a6a71d9f8f16",
}
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
BROKER = "29d9ed98-a469-4536-ade2-f981bc1d605e"
KNOWLEDGE = pathlib.Path(__file__).resolve().parent.parent.parent / "src" / "knowledge"
FAMILY = {line.split("\t")[0] for line in (KNOWLEDGE / "foci-clients.tsv").read_text().splitlines() if not line.startswith("#")}

REGISTRATIONS = {
    "user registered security info", "user registered all required security info", "user changed default security info",
    "user updated security info", "admin registered security info", "admin updated security info",
    "create temporary access pass method for user", "add temporary access pass",
    "add windows hello for business credential", "add fido2 security key", "add passkey (device-bound)",
    "add passkey (synced)", "add passkey", "add passwordless phone sign-in credential", "add platform credential",
    "register device", "add device", "add registered owner to device", "add registered users to device",
    "add registered user to device",
}

def some(text):
    """An id that is there, in lower case."""
    text = (text or "").lower()
    return None if text in ("", ZERO) else text


def moment(text):
    return datetime.datetime.fromisoformat(text.rstrip("Z")[:26])


def nested(value):
    return json.loads(value) if isinstance(value, str) and value else value or {}


def sign_ins(records):
    for stream, table in enumerate(("SigninLogs", "AADNonInteractiveUserSignInLogs")):
        for row in records[table]:
            yield stream, row


def person(row):
    return some(row["UserId"]) or row["UserPrincipalName"].lower()


def pivots(records, tuning):
    targets = tuning.get("targets", ",".join(TARGETS)).split(",")
    longest = int(tuning.get("max-gap-minutes", 10**9))
    cli = tuning.get("azure-cli", "any")
    sessions = {}
    for stream, row in sign_ins(records):
        if stream == 0 and tuning.get("streams") == "non-interactive":
            continue
        if row["AppId"].lower() not in FAMILY or some(row["SessionId"]) is None:
            continue
        home, resource = some(row["HomeTenantId"]), some(row["ResourceTenantId"])
        if tuning.get("home-tenant-only") != "false" and home and resource and home != resource:
            continue
        sessions.setdefault((row["SessionId"].lower(), person(row)), []).append(row)
    found = set()
    for rows in sessions.values():
        for first in rows:
            for second in rows:
                if first["IncomingTokenType"].lower() != "none" or second["IncomingTokenType"].lower() in ("", "none"):
                    continue
                app = second["AppId"].lower()
                start, end = (moment(row["CreatedDateTime"]).replace(second=0, microsecond=0) for row in (first, second))
                minutes = (end - start).total_seconds() // 60
                if switches(first, second) and 1 <= minutes <= 90:
                    found.add(("scope-switch", first["Id"], second["Id"]))
                if app not in targets or app == first["AppId"].lower():
                    continue
                if app == AZURE_CLI and cli != "any":
                    admin = GLOBAL_ADMINISTRATOR in second["AuthenticationProcessingDetails"].lower()
                    compliant = nested(second["DeviceDetail"]).get("isCompliant") is True
                    if not admin or (cli == "global-admin-noncompliant" and compliant):
                        continue
                if 0 <= minutes <= longest:
                    found.add(("exact", first["Id"], second["Id"]))
    return found


def switches(first, second):
    """Whether the second asks, with success, for Azure AD Graph as tools do, and the first did not."""
    if second["ResultType"] != "0" or second["AppId"].lower() not in DIRECTORY_CLIENTS or second["ResourceIdentity"].lower() != DIRECTORY_GRAPH:
        return False
    if first["AppId"].lower() != second["AppId"].lower() or first["ResourceIdentity"].lower() != DIRECTORY_GRAPH:
        return True
    mine, theirs = scopes(first), scopes(second)
    return bool(mine and theirs and mine != theirs)


def scopes(row):
    pairs = nested(row["AuthenticationProcessingDetails"]) or []
    return next((pair["value"] for pair in pairs if pair["key"] == "Oauth Scope Info"), "")


def brokers(records, tuning):
    found = set()
    for _, row in sign_ins(records):
        audiences = [entry["applicationId"].lower() for entry in nested(row["ConditionalAccessAudiences"]) or []]
        part = None
        if row["ResultType"] == "0":
            if row["AuthenticationProtocol"].lower() == "devicecode" and BROKER in audiences:
                part = "exact"
            elif row["OriginalTransferMethod"].lower() == "devicecodeflow" and (BROKER in audiences or row["AppId"].lower() == BROKER):
                part = "wider"
        if part == "exact" or (part and tuning.get("strict") != "true"):
            found.add((part, row["Id"]))
    return found


def credentials(records, tuning):
    window = datetime.timedelta(hours=int(tuning.get("window-hours", 48)))
    origins = {}
    for stream, row in sign_ins(records):
        by_code = row["AuthenticationProtocol"].lower() == "devicecode"
        if row["ResultType"] != "0" or not (by_code or row["OriginalTransferMethod"].lower() == "devicecodeflow"):
            continue
        alone = some(row["SessionId"]) is None
        session = (some(row["CorrelationId"]) or row["Id"]) if alone else some(row["SessionId"])
        later = not by_code and row["IncomingTokenType"].lower() not in ("", "none")
        known = origins.setdefault((person(row), alone, session), [])
        known.append(((moment(row["CreatedDateTime"]), stream, row["Id"]), row, later))
    firsts = {key: min(known, key=lambda item: item[0]) for key, known in origins.items()}
    starts = []
    for (who, alone, _), (order, row, later) in firsts.items():
        # Without a session id a later token cannot be tied to its sign-in: it begins nothing, unless
        # it is the first that is seen of the person.
        first = min(item[0] for key, item in firsts.items() if key[:2] == (who, True)) if alone else order
        if not (alone and later) or order == first:
            starts.append((order, row))
    found = set()
    for (time, _, _), row in starts:
        for audit in records["AuditLogs"]:
            operation = audit["OperationName"].lower().removesuffix(".")
            if audit["Result"].lower() != "success" or operation not in REGISTRATIONS or not concerns(audit, row):
                continue
            if time <= moment(audit["ActivityDateTime"]) <= time + window:
                found.add((row["Id"], audit["Id"]))
    return found


def concerns(audit, row):
    """Whether the sign-in's user did it or it was done to them."""
    people = [nested(audit["InitiatedBy"]).get("user") or {}]
    people += [target for target in nested(audit["TargetResources"]) or [] if target["type"].lower() == "user"]
    for other in people:
        id, name = some(other.get("id")), (other.get("userPrincipalName") or "").lower()
        if id and some(row["UserId"]):
            if id == some(row["UserId"]):
                return True
        elif name and name == row["UserPrincipalName"].lower():
            return True
    return False


CODES = {line.split("\t")[0]: line.split("\t")[1:3] for line in (KNOWLEDGE / "result-codes.tsv").read_text().splitlines() if not line.startswith("#")}
MINUTE = datetime.timedelta(minutes=1)


def of_class(row, *classes):
    return CODES.get(row["ResultType"], ["other"])[0] in classes


def anew(stream, row):
    """Whether the password itself was presented."""
    return row["IncomingTokenType"].lower() in ("", "none") and (stream == 0 or row["AuthenticationProtocol"].lower() == "ropc")


def windows(rows, length, enough):
    """Failures of the windows that begin with one, are so long, and are enough; rows are (time, who, failed, id)."""
    found = set()
    for start, _, failed, _ in rows:
        inside = [row for row in rows if start <= row[0] <= start + length * MINUTE] if failed else []
        if failed and enough(inside):
            found |= {(row[3],) for row in inside if row[2]}
    return found


def grouped(records, key, failed, beside=lambda stream, row: False):
    groups = {}
    for stream, row in sign_ins(records):
        if failed(row) or beside(stream, row):
            groups.setdefault(key(row), []).append((moment(row["CreatedDateTime"]), person(row), failed(row), row["Id"]))
    return [sorted(rows) for rows in groups.values() if any(row[2] for row in rows)]


def sprays(records, tuning):
    users, tries, percent = (int(tuning.get(name, default)) for name, default in (("users", 10), ("tries", 3), ("percent", 60)))

    def failed(row):
        return of_class(row, "wrong-secret", "unknown-user") or row["ResultType"] in ("50053", "81016")

    def beside(stream, row):
        return row["ResultType"] == "0" or (anew(stream, row) and CODES.get(row["ResultType"], ["", ""])[1] == "p")

    def enough(rows):
        tried, seen = {row[1] for row in rows if row[2]}, {row[1] for row in rows}
        count = sum(row[2] for row in rows)
        return len(tried) >= users and count <= tries * len(tried) and len(tried) * 100 >= percent * len(seen)

    return set().union(*(windows(rows, int(tuning.get("window-minutes", 30)), enough) for rows in grouped(records, lambda row: row["IPAddress"], failed, beside)))


def storms(failed, name, default, length):
    """A person's failures, at least so many in a window."""

    def read(records, tuning):
        least = int(tuning.get(name, default))
        groups = grouped(records, person, failed)
        return set().union(*(windows(rows, int(tuning.get("window-minutes", length)), lambda inside: len(inside) >= least) for rows in groups))

    return read


def refused(row):
    steps = (row["AuthenticationDetails"] or "").lower()
    return row["ResultType"] == "500121" or (row["ResultType"] != "0" and any(words in steps for words in ("mfa denied", "mfa timed out", "no response")))


def enumerations(records, tuning):
    least = int(tuning.get("users", 15))
    groups = grouped(records, lambda row: row["IPAddress"], lambda row: of_class(row, "unknown-user"))
    return set().union(*(windows(rows, int(tuning.get("window-minutes", 30)), lambda inside: len({row[1] for row in inside}) >= least) for rows in groups))


def legacy(records, _):
    return {
        (row["Id"],) for _, row in sign_ins(records)
        if row["ResultType"] == "0" and row["ClientAppUsed"].lower() not in ("", "browser", "mobile apps and desktop clients")
        and "certificate" not in (row["AuthenticationDetails"] or "").lower()
    }


def ropc(records, _):
    return {
        (row["Id"],) for _, row in sign_ins(records)
        if row["ResultType"] == "0"
        and (row["AuthenticationProtocol"].lower() == "ropc" or row["UserAgent"].lower().startswith(("bav2ropc", "cbainprod", "cbaintar")))
        or row["ResultType"] == "700016" and row["AuthenticationProtocol"].lower() == "ropc" and not row["AppDisplayName"]
    }


def hosted(records, _):
    rows = (line.split("\t") for line in (KNOWLEDGE / "hosting-asn.tsv").read_text().splitlines() if not line.startswith("#"))
    networks = {asn for asn, kind, *_ in rows if kind in ("hosting", "vpn")}
    return {
        (row["Id"],) for _, row in sign_ins(records)
        if row["ResultType"] == "0" and (str(row["AutonomousSystemNumber"]) in networks or "anonymizedIPAddress" in (row["RiskEventTypes_V2"] or ""))
    }


def travels(records, tuning):
    least, speed = int(tuning.get("kilometres", 1000)), int(tuning.get("speed", 900))
    people = {}
    for _, row in sign_ins(records):
        at = (nested(row["LocationDetails"]) or {}).get("geoCoordinates") or {}
        if row["ResultType"] == "0" and at.get("latitude") is not None:
            session = some(row["SessionId"]) or some(row["CorrelationId"])
            people.setdefault(person(row), []).append((moment(row["CreatedDateTime"]), session, at["latitude"], at["longitude"], row["Id"]))
    found = set()
    for rows in people.values():
        rows.sort()
        for index, (time, session, north, east, id) in enumerate(rows):
            for before, other, from_north, from_east, _ in rows[:index]:
                hours = (time - before).total_seconds() / 3600
                if hours > 24 or session == other or (north, east) == (from_north, from_east):
                    continue
                # The chord between two points of a ball, and the arc above it.
                points = [(math.cos(math.radians(a)) * math.cos(math.radians(b)), math.cos(math.radians(a)) * math.sin(math.radians(b)), math.sin(math.radians(a))) for a, b in ((north, east), (from_north, from_east))]
                distance = 2 * 6371 * math.asin(math.dist(*points) / 2)
                if distance > max(least, speed * hours):
                    found.add((id,))
    return found


READINGS = {
    "foci-pivot": pivots, "device-code-broker": brokers, "device-code-then-credential": credentials,
    "password-spray": sprays, "user-enumeration": enumerations, "legacy-auth": legacy, "ropc": ropc,
    "impossible-travel": travels, "anonymising-network": hosted,
    "brute-force-success": storms(lambda row: of_class(row, "wrong-secret"), "wrong", 8, 20),
    "mfa-fatigue": storms(refused, "refusals", 4, 30),
}
