//! What user agents contain, and what it means. Lower case; the first entry that fits counts.

use super::agents::Os;
use super::agents::ToolKind::{self, Admin, Kit, LegacyMail, Library, Offensive};

/// How an entry is compared with an agent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Match {
    /// The whole agent.
    Is(&'static str),
    /// Its beginning.
    Starts(&'static str),
    /// Any part of it.
    Has(&'static str),
}

use Match::{Has, Is, Starts};

/// Scripts and tools, by their name and what they are made for.
pub(super) const TOOLS: &[(Match, (&str, ToolKind))] = &[
    (Has("aadinternals"), ("AADInternals", Offensive)),
    (Has("azurehound"), ("AzureHound", Offensive)),
    (Has("bloodhound"), ("BloodHound", Offensive)),
    (Has("sharphound"), ("SharpHound", Offensive)),
    (Has("kali365"), ("kali365", Offensive)),
    // TeamFiltration always claims to be this one old version of Teams.
    (Has("teams/1.3.00.30866"), ("TeamFiltration", Offensive)),
    (Has("aiohttp"), ("aiohttp", Offensive)),
    // The agent that a beacon object file for token requests sends by default.
    (Has("ur mum"), ("beacon object file", Offensive)),
    (Starts("axios"), ("axios", Kit)),
    (Has("agentaxios"), ("axios", Kit)),
    (Starts("node-fetch"), ("node-fetch", Kit)),
    (Starts("undici"), ("undici", Kit)),
    (Is("node"), ("node", Kit)),
    (Starts("node/"), ("node", Kit)),
    (Starts("node.js"), ("node", Kit)),
    (Starts("fasthttp"), ("fasthttp", Kit)),
    (Starts("go-resty"), ("go-resty", Kit)),
    (Has("guzzlehttp"), ("GuzzleHttp", Kit)),
    (Starts("bav2ropc"), ("BAV2ROPC", LegacyMail)),
    (Starts("cbainprod"), ("CBAInPROD", LegacyMail)),
    (Starts("cbaintar"), ("CBAInTAR", LegacyMail)),
    (Starts("azurecli"), ("Azure CLI", Admin)),
    (Starts("azurepowershell"), ("Azure PowerShell", Admin)),
    (Has("powershell/"), ("PowerShell", Admin)),
    (Starts("azsdk-"), ("Azure SDK", Admin)),
    (Has("terraform"), ("Terraform", Admin)),
    (Starts("python-requests"), ("python-requests", Library)),
    (Starts("python-httpx"), ("python-httpx", Library)),
    (Starts("python-urllib"), ("python-urllib", Library)),
    (Starts("go-http-client"), ("Go-http-client", Library)),
    (Starts("curl"), ("curl", Library)),
    (Starts("wget"), ("Wget", Library)),
    (Starts("okhttp"), ("okhttp", Library)),
    (Starts("postmanruntime"), ("PostmanRuntime", Library)),
    (Starts("apache-httpclient"), ("Apache-HttpClient", Library)),
    (Starts("java/"), ("Java", Library)),
    (Starts("restsharp"), ("RestSharp", Library)),
    (Starts("libwww-perl"), ("libwww-perl", Library)),
    (Starts("exchangeservicesclient"), ("ExchangeServicesClient", Library)),
    (Has("headlesschrome"), ("headless Chrome", Library)),
];

/// Operating systems. Mobile systems come first: they also call themselves Linux or like Mac OS.
pub(super) const SYSTEMS: &[(Match, Os)] = &[
    (Has("windows phone"), Os::Windows),
    // `Outlook-iOS-Android` stands for both mobile systems and tells neither.
    (Starts("outlook-ios/"), Os::Ios),
    (Starts("outlook-android/"), Os::Android),
    (Has("iphone"), Os::Ios),
    (Has("ipad"), Os::Ios),
    (Has("ipod"), Os::Ios),
    (Starts("ios/"), Os::Ios),
    (Has("(ios"), Os::Ios),
    (Has("; ios "), Os::Ios),
    (Has("android "), Os::Android),
    (Has("android;"), Os::Android),
    (Starts("android/"), Os::Android),
    (Starts("dalvik/"), Os::Android),
    (Has("cros "), Os::ChromeOs),
    (Has("windows"), Os::Windows),
    (Has("macintosh"), Os::MacOs),
    (Has("mac os x"), Os::MacOs),
    (Has("macos"), Os::MacOs),
    (Starts("macoutlook"), Os::MacOs),
    (Has("cfnetwork"), Os::Apple),
    (Has("linux"), Os::Linux),
    (Has("x11;"), Os::Linux),
];

/// Native apps, web views and brokers that name themselves.
pub(super) const APPS: &[(Match, &str)] = &[
    (Starts("windows-azuread-authentication-provider"), "Sign-in broker"),
    (Has("microsoft authentication broker"), "Sign-in broker"),
    (Has("pkeyauth"), "Sign-in broker"),
    (Has("microsoft authenticator"), "Authenticator"),
    (Starts("dalvik/"), "App"),
    (Starts("outlook-"), "Outlook"),
    (Starts("macoutlook"), "Outlook"),
    (Has("microsoft outlook"), "Outlook"),
    (Starts("apple-iphone"), "Mail"),
    (Starts("apple-ipad"), "Mail"),
    (Has("dataaccessd"), "Mail"),
    (Has("teams/"), "Teams"),
    (Starts("teamsmobile"), "Teams"),
    (Has("skydrivesync"), "OneDrive"),
    (Has("onedrive"), "OneDrive"),
    (Has("microsoft office"), "Office"),
    (Has("microsoft word"), "Office"),
    (Has("microsoft excel"), "Office"),
    (Has("msal"), "App"),
    (Has("cfnetwork"), "App"),
    (Has("electron/"), "App"),
    (Has("; wv)"), "Web view"),
];

/// Browsers. The more particular names come first, for nearly all claim to be Chrome and Safari.
pub(super) const BROWSERS: &[(Match, &str)] = &[
    (Has("edg/"), "Edge"),
    (Has("edga/"), "Edge"),
    (Has("edgios/"), "Edge"),
    (Has("edge/"), "Edge"),
    (Has("opr/"), "Opera"),
    (Has("opios/"), "Opera"),
    (Has("samsungbrowser/"), "Samsung Internet"),
    (Has("fxios/"), "Firefox"),
    (Has("firefox/"), "Firefox"),
    (Has("crios/"), "Chrome"),
    (Has("chrome/"), "Chrome"),
    (Has("trident/"), "Internet Explorer"),
    (Has("msie "), "Internet Explorer"),
    (Has("safari/"), "Safari"),
    (Has("applewebkit/"), "Web view"),
];
