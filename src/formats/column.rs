//! The columns that formats fill, by our names.

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident,)*) => {
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
                match self { $(Self::$name => stringify!($name),)* }
            }
        }
    };
}

columns! {
    /// When the event happened.
    Created,
    /// When the record was written; stands in where `Created` is missing.
    Emitted,
    /// The record's own id.
    Id,
    /// Correlation id.
    Correlation,
    /// First request of the sequence.
    OriginalRequest,
    /// Session id.
    Session,
    /// Unique token id.
    Token,
    /// User's object id.
    UserId,
    /// User principal name.
    UserName,
    /// User's display name.
    UserDisplay,
    /// Member or guest.
    UserType,
    /// Application id.
    AppId,
    /// Application name.
    AppName,
    /// Resource's application id.
    ResourceId,
    /// Resource's name.
    ResourceName,
    /// Tenant whose log it is.
    LogTenant,
    /// User's home tenant.
    HomeTenant,
    /// Resource's tenant.
    ResourceTenant,
    /// Address.
    Address,
    /// Autonomous system number.
    Asn,
    /// Location: an object, JSON text, or a country.
    Location,
    /// Country alone.
    Country,
    /// Client app.
    ClientApp,
    /// User agent.
    Agent,
    /// Device detail.
    Device,
    /// Incoming token type.
    Incoming,
    /// Authentication protocol.
    Protocol,
    /// Original transfer method.
    Transfer,
    /// Token protection of the sign-in session.
    Protection,
    /// Token protection as an object with status and code.
    ProtectionDetails,
    /// Status object with code, reason and details.
    Status,
    /// Result code alone.
    ResultCode,
    /// Failure reason alone.
    ResultReason,
    /// Conditional-access status.
    PolicyStatus,
    /// Conditional-access audiences.
    Audiences,
    /// Applied conditional-access policies.
    Policies,
    /// Authentication requirement.
    Requirement,
    /// Authentication steps.
    Steps,
    /// Processing details.
    Processing,
    /// Risk level during sign-in.
    RiskDuring,
    /// Aggregated risk level.
    RiskAggregated,
    /// Risk state.
    RiskState,
    /// Risk detail.
    RiskDetail,
    /// Risk event types.
    RiskEvents,
    /// Milliseconds that processing took.
    Latency,
    /// Service principal's object id.
    PrincipalId,
    /// Service principal's name.
    PrincipalName,
    /// Key id of the credential.
    CredentialKey,
    /// Managed identity information; its presence names the stream.
    ManagedIdentity,
    /// Interactive or not.
    IsInteractive,
    /// Sign-in event types.
    EventTypes,
    /// Category of a diagnostic record or a table row.
    Category,
    /// Table a row came from.
    Table,
    /// Operation of an audit event.
    Operation,
    /// Service that logged an audit event.
    Service,
    /// Result of an audit event.
    AuditResult,
    /// Reason of that result.
    AuditReason,
    /// Who did it.
    InitiatedBy,
    /// What it was done to.
    Targets,
    /// Additional details.
    Details,
}
