"""Records of the detections' fixtures as rows of the Log Analytics tables."""

import json
import pathlib
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = {
    table: columns
    for name in ("schema.json", "schema-bound.json")
    for table, columns in json.loads((HERE / name).read_text()).items()
}
TYPES = {"string": "VARCHAR", "dynamic": "JSON", "datetime": "TIMESTAMP", "bool": "BOOLEAN", "long": "BIGINT", "int": "BIGINT", "real": "DOUBLE"}
# The tenant whose log the fixtures are.
TENANT = "11111111-1111-4111-8111-111111111111"

# Columns whose field has another name than the column in camel case.
RENAMED = {
    "IPAddress": "ipAddress", "IPAddressFromResourceProvider": "ipAddressFromResourceProvider", "ResourceIdentity": "resourceId",
    "ConditionalAccessPolicies": "appliedConditionalAccessPolicies", "LocationDetails": "location",
}


def rows(record):
    """The tables that a record is in, each with its row; none for records that no table of the twins holds."""
    if "RecordType" in record:
        return [("OfficeActivity", act(record)), ("CloudAppEvents", event(record))]
    found = row_of(record)
    return [found] if found else []


def row_of(record):
    if "category" in record and "properties" in record:
        return call(record)
    if "riskEventType" in record:
        table = "AADServicePrincipalRiskEvents" if "servicePrincipalId" in record else "AADUserRiskEvents"
        return table, {**plain(table, record), "TimeGenerated": record.get("lastUpdatedDateTime") or record["activityDateTime"]}
    if "activityDisplayName" in record:
        row = plain("AuditLogs", record)
        return "AuditLogs", {**row, "OperationName": record["activityDisplayName"], "TimeGenerated": record["activityDateTime"]}
    if "createdDateTime" in record:
        types = record.get("signInEventTypes") or []
        if "servicePrincipal" in types or "managedIdentity" in types:
            table = "AADServicePrincipalSignInLogs" if "servicePrincipal" in types else "AADManagedIdentitySignInLogs"
            return table, sign_in(table, record)
        table = "SigninLogs" if record.get("isInteractive") else "AADNonInteractiveUserSignInLogs"
        return table, sign_in(table, record)
    return None


def sign_in(table, record):
    row = plain(table, record)
    status, location = record.get("status") or {}, record.get("location") or {}
    row["ResultType"] = str(status["errorCode"]) if "errorCode" in status else ""
    return {**row, "TimeGenerated": record["createdDateTime"], "Location": location.get("countryOrRegion", ""), "AADTenantId": TENANT}


def call(record):
    table, properties = record["category"], record["properties"]
    row = plain(table, properties)
    row["SessionId"] = properties.get("sessionId") or properties.get("C_Sid") or ""
    return table, {**row, "TimeGenerated": record["time"], "RequestId": properties.get("requestId") or properties["id"]}


def act(record):
    columns = SCHEMA["OfficeActivity"]
    row = {column: text(columns[column], record[column]) for column in record if column in columns}
    address = record.get("ClientIP") or record.get("ClientIPAddress") or ""
    if "OperationCount" in record and record.get("Folders"):
        # The table has no number of mails: it holds each. A fixture holds one, and the number.
        first, *others = record["Folders"]
        row["Folders"] = json.dumps([{**first, "FolderItems": first["FolderItems"][:1] * record["OperationCount"]}, *others])
    return {
        **row, "TimeGenerated": record["CreationTime"], "OfficeId": record["Id"], "ClientIP": address,
        "OfficeObjectId": record.get("ObjectId", ""), "OfficeWorkload": record.get("Workload", ""),
    }


def event(record):
    """Defender's row of an act. The fixtures have no object ids of users: their names stand for them."""
    raw = {field: value for field, value in record.items() if not field.startswith("_")}
    return {
        "TimeGenerated": record["CreationTime"], "Timestamp": record["CreationTime"], "ActionType": record["Operation"], "ReportId": record["Id"],
        "AccountObjectId": record["UserId"], "AccountDisplayName": record["UserId"], "IPAddress": record.get("ClientIP", ""), "RawEventData": raw,
    }


def plain(table, record):
    """Columns whose field has their name in camel case, or is in RENAMED."""
    row = {}
    for column, kind in SCHEMA[table].items():
        field = RENAMED.get(column) or column[:1].lower() + column[1:]
        if record.get(field) is not None:
            row[column] = text(kind, record[field])
    return row


def text(kind, value):
    """A value as a column of its kind holds it: nested values are text where the column is."""
    if kind == "string" and not isinstance(value, str):
        return json.dumps(value)
    return value


def load(connection, records):
    """Makes every table, with the rows that records have in it; gives back the rows by table."""
    tables = {table: [] for table in SCHEMA}
    for record in records:
        for table, row in rows(record):
            tables[table].append(row)
    for table, columns in SCHEMA.items():
        kinds = ", ".join(f'"{column}" {TYPES[kind]}' for column, kind in columns.items())
        connection.execute(f"CREATE OR REPLACE TABLE {table} ({kinds})")
        if tables[table]:
            # A text that a record does not have is empty in these tables, and not null.
            empty = {column: "" for column, kind in columns.items() if kind == "string"}
            fill(connection, table, [{**empty, **row} for row in tables[table]])
    return tables


def fill(connection, table, rows):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(rows, file)
        file.flush()
        kinds = ", ".join(f"'{column}': '{TYPES[kind]}'" for column, kind in SCHEMA[table].items())
        read = f"read_json(?, format = 'array', columns = {{{kinds}}}, maximum_object_size = 100000000)"
        connection.execute(f"INSERT INTO {table} SELECT * FROM {read}", [file.name])
