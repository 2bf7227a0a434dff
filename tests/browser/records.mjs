// Graph sign-ins, one a line, with one session that is pivoted from a family client to Azure CLI.

const TENANT = "11111111-2222-4333-8444-555555555555";
const TEAMS = { appId: "1fec8e78-bce4-4aaf-ab1b-5451cc387264", appDisplayName: "Microsoft Teams" };
const CLI = { appId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", appDisplayName: "Microsoft Azure CLI" };
const RESOURCE = { resourceId: "00000003-0000-0000-c000-000000000000", resourceDisplayName: "Microsoft Graph" };

const guid = (kind, number) => `${kind}0000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;

/** The sign-in with this number, as a line. */
export function line(number, users = 40) {
  const user = number % users;
  const pivot = user === 7 && Math.floor(number / users) % 5 === 1;
  const record = {
    id: guid("a", number),
    createdDateTime: new Date(Date.UTC(2026, 9, 1) + number * 1000).toISOString().replace(".000Z", "Z"),
    userDisplayName: `User ${user}`,
    userPrincipalName: `user${user}@contoso.example`,
    userId: guid("b", user),
    ...(pivot ? CLI : TEAMS),
    ...RESOURCE,
    ipAddress: pivot ? "203.0.113.9" : `198.51.100.${user + 1}`,
    clientAppUsed: "Mobile Apps and Desktop clients",
    userAgent: pivot ? "python-requests/2.32" : `Mozilla/5.0 (Windows NT 10.0; Win64; x64) Sample/${user % 9}`,
    correlationId: guid("c", number),
    conditionalAccessStatus: "success",
    isInteractive: !pivot,
    signInEventTypes: [pivot ? "nonInteractiveUser" : "interactiveUser"],
    incomingTokenType: pivot ? "refreshToken" : "none",
    authenticationProtocol: "none",
    originalTransferMethod: "none",
    homeTenantId: TENANT,
    resourceTenantId: TENANT,
    sessionId: guid("d", user),
    uniqueTokenIdentifier: Buffer.from(guid("e", number)).toString("base64url"),
    status: { errorCode: 0, failureReason: "Other.", additionalDetails: null },
    deviceDetail: { deviceId: pivot ? "" : guid("f", user), displayName: pivot ? "" : `PC-${user}`, operatingSystem: "Windows 11", browser: "Edge 140", isCompliant: !pivot, isManaged: !pivot, trustType: pivot ? "" : "Azure AD joined" },
    location: { city: "Oslo", state: "Oslo", countryOrRegion: pivot ? "NL" : "NO", geoCoordinates: { latitude: 59.9, longitude: 10.7 } },
    appliedConditionalAccessPolicies: Array.from({ length: 6 }, (_, index) => ({ id: guid("9", index), displayName: `Policy number ${index}`, enforcedGrantControls: ["Mfa"], enforcedSessionControls: [], result: index === 0 ? "success" : "notApplied", conditionsSatisfied: "none", conditionsNotSatisfied: "none" })),
    authenticationDetails: [{ authenticationStepDateTime: "2026-10-01T00:00:00Z", authenticationMethod: "Previously satisfied", succeeded: true, authenticationStepResultDetail: "MFA requirement satisfied by claim in the token" }],
    authenticationProcessingDetails: [{ key: "Oauth Scope Info", value: "[\"email\",\"openid\",\"profile\"]" }, { key: "Is CAE Token", value: "False" }],
  };
  return `${JSON.stringify(record)}\n`;
}

/** So many sign-ins. */
export function lines(count, from = 0) {
  let text = "";
  for (let number = from; number < from + count; number++) text += line(number);
  return text;
}
