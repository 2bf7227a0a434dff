// A small tenant for the page: ten days of ordinary sign-ins of a few users, one session that changes
// hands, one opened by device code, and texts that an attacker would choose.

const TENANT = "11111111-1111-4111-8111-111111111111";
const EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0";
const OFFICE = ["Microsoft Office", "d3590ed6-52b3-4102-aeff-aad2292ab01c"];
const CLI = ["Microsoft Azure CLI", "04b07795-8ddb-461a-bbee-02f9e1bf7b46"];
const BROKER = ["Microsoft Authentication Broker", "29d9ed98-a469-4536-ade2-f981bc1d605e"];

/** What an attacker writes where a log keeps it: markup, a formula, letters that turn text round. */
export const HOSTILE_AGENT = '<img src=x onerror="globalThis.pwned=1">\u202e=HYPERLINK("http://a.invalid")\u0007';
export const HOSTILE_NAME = "<script>globalThis.pwned=2</script>\u202etxt.exe";

const id = (kind, number) => `${kind}0000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

const OSLO = { address: "198.51.100.24", asn: 64497, city: "Oslo", country: "NO", at: [59.9, 10.7], agent: EDGE, managed: true };
const HOSTING = { address: "203.0.113.77", asn: 14061, city: "Amsterdam", country: "NL", at: [52.4, 4.9], agent: "python-requests/2.31.0", managed: false };

let count = 0;

function signIn(user, time, from, app, token, session) {
  count += 1;
  const interactive = token === "none";
  return {
    id: id("b", count),
    createdDateTime: time,
    userPrincipalName: user.name,
    userId: user.id,
    userType: "member",
    appId: app[1],
    appDisplayName: app[0],
    resourceDisplayName: "Microsoft Graph",
    resourceId: "00000003-0000-0000-c000-000000000000",
    homeTenantId: TENANT,
    resourceTenantId: TENANT,
    isInteractive: interactive,
    signInEventTypes: [interactive ? "interactiveUser" : "nonInteractiveUser"],
    ipAddress: from.address,
    autonomousSystemNumber: from.asn,
    userAgent: from.agent,
    incomingTokenType: token,
    authenticationProtocol: "none",
    originalTransferMethod: "none",
    sessionId: session,
    uniqueTokenIdentifier: id("d", count),
    correlationId: id("e", count),
    authenticationRequirement: "multiFactorAuthentication",
    conditionalAccessStatus: "success",
    conditionalAccessAudiences: [],
    authenticationProcessingDetails: [],
    status: { errorCode: 0, failureReason: "", additionalDetails: "" },
    location: { city: from.city, state: "", countryOrRegion: from.country, geoCoordinates: { latitude: from.at[0], longitude: from.at[1] } },
    deviceDetail: {
      deviceId: from.managed ? user.device : "",
      displayName: from.managed ? user.deviceName : "",
      operatingSystem: from.managed ? "Windows 11" : "",
      browser: from.managed ? "Edge 130.0" : "",
      isCompliant: from.managed,
      isManaged: from.managed,
      trustType: "",
    },
  };
}

/** Records in order of time. `attacks` sessions are stolen, each of another user. */
export function tenant({ attacks = 2, users = 4, hostile = false } = {}) {
  count = 0;
  const people = Array.from({ length: Math.max(users, 1) }, (_, number) => ({
    name: hostile && number === 0 ? `${HOSTILE_NAME}@example.com` : `user.${number}@example.com`,
    id: id("c", number),
    device: id("f", number),
    deviceName: hostile && number === 0 ? HOSTILE_NAME : `NB-${400 + number}`,
  }));
  const records = [];
  for (let day = 1; day <= 10; day += 1) {
    for (const [number, user] of people.entries()) {
      const at = (hour) => `2026-11-${String(day).padStart(2, "0")}T${String(hour).padStart(2, "0")}:${String(number % 60).padStart(2, "0")}:00Z`;
      const session = id("a", day * 10_000 + number);
      records.push(signIn(user, at(8), OSLO, OFFICE, "none", session), signIn(user, at(9), OSLO, OFFICE, "refreshToken", session));
    }
  }
  const thief = hostile ? { ...HOSTING, agent: HOSTILE_AGENT } : HOSTING;
  for (let number = 0; number < attacks; number += 1) {
    const user = people[number % people.length];
    const session = id("a", 9_000_000 + number);
    const at = (hour, minute) => `2026-11-12T${String(hour).padStart(2, "0")}:${String((minute + number) % 60).padStart(2, "0")}:31Z`;
    if (number % 2 === 0) {
      records.push(
        signIn(user, at(10, 1), OSLO, OFFICE, "none", session),
        signIn(user, at(11, 2), thief, CLI, "refreshToken", session),
        signIn(user, at(12, 3), thief, OFFICE, "refreshToken", session),
      );
    } else {
      const first = signIn(user, at(10, 1), HOSTING, BROKER, "none", session);
      first.authenticationProtocol = "deviceCode";
      first.originalTransferMethod = "deviceCodeFlow";
      first.conditionalAccessAudiences = [BROKER[1]];
      records.push(first, signIn(user, at(11, 2), HOSTING, OFFICE, "refreshToken", session));
    }
  }
  return records;
}

export const ndjson = (records) => records.map((record) => `${JSON.stringify(record)}\n`).join("");
