//! The columns that formats fill, by our names.

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// A column of the canonical event that a format's table can fill.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Column { $($(#[$doc])* $name,)* }

        impl Column {
            /// All columns.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// How many columns there are.
            pub const COUNT: usize = Self::ALL.len();

            /// As a notice names it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

columns! {
    /// When the event happened.
    Created = "event_time",
    /// When the record was written; stands in where `Created` is missing.
    Emitted = "written_time",
    /// The record's own id.
    Id = "id",
    /// Correlation id.
    Correlation = "correlation_id",
    /// First request of the sequence.
    OriginalRequest = "original_request_id",
    /// Session id.
    Session = "session_id",
    /// Unique token id.
    Token = "unique_token_id",
    /// User's object id.
    UserId = "user_id",
    /// User principal name.
    UserName = "user_principal_name",
    /// User's display name.
    UserDisplay = "user_display_name",
    /// Member or guest.
    UserType = "user_type",
    /// Application id.
    AppId = "app_id",
    /// Application name.
    AppName = "app_display_name",
    /// Name of who issued the token that was presented.
    IssuerName = "token_issuer_name",
    /// Tenant that the application belongs to.
    AppOwner = "app_owner_tenant_id",
    /// Resource's application id.
    ResourceId = "resource_id",
    /// Resource's name.
    ResourceName = "resource_display_name",
    /// Tenant whose log it is.
    LogTenant = "tenant_id",
    /// User's home tenant.
    HomeTenant = "home_tenant_id",
    /// Resource's tenant.
    ResourceTenant = "resource_tenant_id",
    /// How the user reached over from another tenant: `b2bCollaboration`, `serviceProvider`…
    CrossTenant = "cross_tenant_access_type",
    /// Address.
    Address = "ip_address",
    /// Address that the resource's provider saw.
    ProviderAddress = "ip_address_from_resource_provider",
    /// Autonomous system number.
    Asn = "asn",
    /// Location: an object, JSON text, or a country.
    Location = "location",
    /// Country alone.
    Country = "country",
    /// A place in words: `City, State, CC`.
    Place = "place",
    /// State or region alone.
    State = "state",
    /// City alone.
    City = "city",
    /// Degrees north alone.
    Latitude = "latitude",
    /// Degrees east alone.
    Longitude = "longitude",
    /// Client app.
    ClientApp = "client_app_used",
    /// User agent.
    Agent = "user_agent",
    /// Device detail.
    Device = "device_detail",
    /// Device id alone.
    DeviceId = "device_id",
    /// Device's name alone.
    DeviceName = "device_display_name",
    /// Device's operating system alone.
    DeviceSystem = "device_operating_system",
    /// Browser alone.
    DeviceBrowser = "device_browser",
    /// Device's trust type alone.
    DeviceTrust = "device_trust_type",
    /// Whether the device meets the compliance policies, alone.
    DeviceCompliant = "device_is_compliant",
    /// Whether the device is managed, alone.
    DeviceManaged = "device_is_managed",
    /// Incoming token type.
    Incoming = "incoming_token_type",
    /// Authentication protocol.
    Protocol = "authentication_protocol",
    /// Original transfer method.
    Transfer = "original_transfer_method",
    /// Token protection of the sign-in session.
    Protection = "token_protection_status",
    /// Token protection as an object with status and code.
    ProtectionDetails = "token_protection_details",
    /// Status object with code, reason and details.
    Status = "status",
    /// Status in a word: success, failure, interrupted.
    StatusWord = "status_word",
    /// Additional details of the status alone.
    StatusDetails = "status_details",
    /// Result code alone.
    ResultCode = "result_code",
    /// Failure reason alone.
    ResultReason = "result_description",
    /// Conditional-access status.
    PolicyStatus = "conditional_access_status",
    /// Conditional-access audiences.
    Audiences = "conditional_access_audiences",
    /// Named locations of the tenant that the address lies in.
    NamedLocations = "network_location_details",
    /// Applied conditional-access policies.
    Policies = "conditional_access_policies",
    /// Authentication requirement.
    Requirement = "authentication_requirement",
    /// Authentication steps.
    Steps = "authentication_details",
    /// Processing details.
    Processing = "authentication_processing_details",
    /// Risk level during sign-in.
    RiskDuring = "risk_level_during_signin",
    /// Aggregated risk level.
    RiskAggregated = "risk_level_aggregated",
    /// Risk state.
    RiskState = "risk_state",
    /// Risk detail.
    RiskDetail = "risk_detail",
    /// Risk event types.
    RiskEvents = "risk_event_types",
    /// Milliseconds that processing took.
    Latency = "latency",
    /// Service principal's object id.
    PrincipalId = "service_principal_id",
    /// Service principal's name.
    PrincipalName = "service_principal_name",
    /// Key id of the credential.
    CredentialKey = "credential_key_id",
    /// Managed identity information; its presence names the stream.
    ManagedIdentity = "managed_service_identity",
    /// Interactive or not.
    IsInteractive = "is_interactive",
    /// Sign-in event types.
    EventTypes = "sign_in_event_types",
    /// Category of a diagnostic record or a table row.
    Category = "category",
    /// Table a row came from.
    Table = "table",
    /// Operation of an audit event.
    Operation = "activity",
    /// Category of an audit event.
    AuditCategory = "audit_category",
    /// Service that logged an audit event.
    Service = "service",
    /// Result of an audit event.
    AuditResult = "result",
    /// Reason of that result.
    AuditReason = "result_reason",
    /// Who did it.
    InitiatedBy = "initiated_by",
    /// What it was done to.
    Targets = "target_resources",
    /// Additional details.
    Details = "additional_details",
    /// User agent among the additional details.
    AuditAgent = "audit_user_agent",
    /// What an act was done to.
    Object = "object",
    /// Whose mailbox it was done to.
    Owner = "mailbox_owner",
    /// What the client says of itself.
    ClientInfo = "client_info",
    /// Access context: an object with session id and unique token id.
    AppAccess = "app_access_context",
    /// Scopes of the token.
    Scopes = "scopes",
    /// Roles of the token, where it has no scopes.
    Roles = "roles",
    /// Parameters of a cmdlet.
    Parameters = "parameters",
    /// Properties that were changed.
    Modified = "modified_properties",
    /// Properties of the operation.
    OperationProperties = "operation_properties",
    /// Further properties.
    ExtendedProperties = "extended_properties",
    /// Number of items.
    Items = "item_count",
    /// The items themselves: a list, or folders with a list each.
    Contents = "items",
    /// A mail, or a folder with the rights that were given in it.
    Item = "item",
    /// What was searched for.
    Query = "search_query",
    /// With whom something was shared.
    SharedWith = "shared_with",
    /// Name of a setting or an alert.
    Setting = "setting",
    /// Value that a setting was given.
    NewValue = "new_value",
    /// Who takes part in a chat: own people, guests, people of other tenants.
    Participants = "participants",
    /// What became of a mail or a file that was looked at for threats.
    Verdict = "verdict",
    /// How bad an alert is.
    AlertLevel = "alert_severity",
    /// Whom or what an alert is about.
    AlertEntity = "alert_entity",
    /// What a risk detection detected.
    RiskType = "risk_event_type",
    /// Level of a risk.
    RiskLevel = "risk_level",
    /// Who detected a risk.
    RiskSource = "risk_source",
    /// When after the sign-in it was detected.
    RiskTiming = "risk_detection_timing",
    /// Sign-in or user.
    RiskActivity = "risk_activity",
    /// Issuer of the token.
    Issuer = "token_issuer_type",
    /// When a risk was detected.
    Detected = "detected_time",
    /// Request id of the sign-in that a record is about.
    Request = "request_id",
    /// Key of the user: an object id in some workloads.
    UserKey = "user_key",
    /// A record that stands in a cell of another.
    Record = "record",
    /// Ranges of addresses of a named location.
    Ranges = "ip_ranges",
    /// Whether a named location is trusted.
    Trusted = "is_trusted",
    /// Directory roles that a user can take.
    EligibleRoles = "eligible_roles",
    /// Tags of a user.
    Tags = "tags",
    /// Whether a user is a service account.
    ServiceAccount = "is_service_account",
    /// Members of a role.
    Members = "members",
}
