//! What `agents.rs` makes of agents as they occur.

use super::*;

fn agent(text: &str) -> Agent {
    Agent::read(text, "", "")
}

const CASES: &[(&str, &str)] = &[
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0",
        "Edge on Windows",
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0.3538.102 Safari/537.36 Edge/18.19042",
        "Edge on Windows",
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
        "Chrome on Windows",
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 OPR/106.0.0.0",
        "Opera on Windows",
    ),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0", "Firefox on Windows"),
    ("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer on Windows"),
    (
        "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Win64; x64; Trident/7.0; .NET4.0C; .NET4.0E)",
        "Internet Explorer on Windows",
    ),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0", "Firefox on Linux"),
    ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0", "Firefox on Linux"),
    (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36",
        "Chrome on Linux",
    ),
    (
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36",
        "Chrome on ChromeOS",
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Safari/605.1.15",
        "Safari on macOS",
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/108.0.0.0 Safari/537.36",
        "Chrome on macOS",
    ),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)", "Web view on macOS"),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1.2 Mobile/15E148 Safari/604.1",
        "Safari on iOS",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 PKeyAuth/1.0",
        "Sign-in broker on iOS",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/119.0.6045.169 Mobile/15E148 Safari/604.1",
        "Chrome on iOS",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 EdgiOS/119.0.2151.96 Mobile/15E148 Safari/604.1",
        "Edge on iOS",
    ),
    (
        "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/120.0 Mobile/15E148 Safari/605.1.15",
        "Firefox on iOS",
    ),
    (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
        "Chrome on Android",
    ),
    (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Mobile Safari/537.36 EdgA/119.0.0.0",
        "Edge on Android",
    ),
    (
        "Mozilla/5.0 (Linux; Android 13; SM-S918B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/119.0.6045.193 Mobile Safari/537.36",
        "Web view on Android",
    ),
    (
        "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36",
        "Samsung Internet on Android",
    ),
    ("Mozilla/5.0 (Android 13; Mobile; rv:121.0) Gecko/121.0 Firefox/121.0", "Firefox on Android"),
    ("Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7 Build/TQ3A.230901.001)", "App on Android"),
    ("Windows-AzureAD-Authentication-Provider/1.0", "Sign-in broker on Windows"),
    ("Windows-AzureAD-Authentication-Provider/1.0 3.1.11", "Sign-in broker on Windows"),
    ("Outlook-iOS/2.0", "Outlook on iOS"),
    ("Outlook-Android/2.0", "Outlook on Android"),
    ("Outlook-iOS-Android/1.0", "Outlook"),
    ("MacOutlook/16.78.23100802 (Intelx64 Mac OS X Version 13.6 (Build 22G120))", "Outlook on macOS"),
    ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.16827; Pro)", "Outlook on Windows"),
    ("Microsoft Office/16.0", "Office"),
    ("Microsoft SkyDriveSync 23.226.1031.0003 ship; Windows NT 10.0 (19045)", "OneDrive on Windows"),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Teams/1.6.00.29964 Chrome/102.0.5005.197 Electron/19.1.8 Safari/537.36",
        "Teams on Windows",
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Teams/1.3.00.30866 Chrome/80.0.3987.165 Electron/8.5.1 Safari/537.36",
        "TeamFiltration",
    ),
    ("Apple-iPhone14C5/2002.101", "Mail on iOS"),
    ("iOS/17.2 (21C62) dataaccessd/1.0", "Mail on iOS"),
    ("Microsoft%20Authenticator/6.8.1 CFNetwork/1485 Darwin/23.1.0", "App on an Apple system"),
    ("Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.22621.2428", "PowerShell"),
    ("AzurePowershell/v11.0.0 PSVersion/v7.3.9", "Azure PowerShell"),
    ("azsdk-python-identity/1.15.0 Python/3.11.4 (Linux-5.15.0-x86_64-with-glibc2.35)", "Azure SDK"),
    ("azsdk-net-Identity/1.10.4 (.NET 6.0.25; Microsoft Windows 10.0.20348)", "Azure SDK"),
    ("HashiCorp Terraform/1.5.7 (+https://www.terraform.io)", "Terraform"),
    ("BAV2ROPC", "BAV2ROPC"),
    ("CBAInPROD", "CBAInPROD"),
    ("python-requests/2.28.0", "python-requests"),
    ("Python/3.10 aiohttp/3.8.4", "aiohttp"),
    ("python-httpx/0.24.1", "python-httpx"),
    ("axios/1.6.2", "axios"),
    ("node", "node"),
    ("node-fetch/1.0 (+https://github.com/bitinn/node-fetch)", "node-fetch"),
    ("undici", "undici"),
    ("Go-http-client/1.1", "Go-http-client"),
    ("go-resty/2.7.0 (https://github.com/go-resty/resty)", "go-resty"),
    ("curl/8.4.0", "curl"),
    ("okhttp/4.11.0", "okhttp"),
    ("PostmanRuntime/7.32.3", "PostmanRuntime"),
    ("azurehound/v2.1.5", "AzureHound"),
    ("ur mum", "beacon object file"),
    (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/119.0.0.0 Safari/537.36",
        "headless Chrome",
    ),
    ("", "unknown agent"),
    ("-", "unknown agent"),
    ("something nobody knows", "unknown agent"),
];

#[test]
fn reads_agents_as_they_occur() {
    for (text, label) in CASES {
        assert_eq!(agent(text).label(), *label, "{text}");
        assert_eq!(agent(&text.to_uppercase()), agent(text), "case: {text}");
    }
}

#[test]
fn the_device_fills_in_what_the_agent_leaves_open() {
    for (text, os, browser, label) in [
        ("", "Windows 10", "Edge 146.0.0", "Edge on Windows"),
        ("", "Windows10", "Rich Client 4.43.0.0", "App on Windows"),
        ("", "MacOs", "Safari 17.1", "Safari on macOS"),
        ("", "Ios 18.1", "Mobile Safari", "Safari on iOS"),
        ("", "Linux", "", "App on Linux"),
        ("", "", "Python Requests 2.31", "python-requests"),
        ("Outlook-iOS-Android/1.0", "Android", "", "Outlook on Android"),
        ("Microsoft Office/16.0", "Windows 11", "", "Office on Windows"),
        ("Teams/1 CFNetwork/1485 Darwin/23.1.0", "", "", "Teams on an Apple system"),
        ("", "", "", "unknown agent"),
    ] {
        assert_eq!(Agent::read(text, os, browser).label(), label, "{text} {os} {browser}");
    }
}

#[test]
fn one_system_is_one_family_and_tools_are_their_own() {
    let edge = agent(CASES[0].0);
    let broker = agent("Windows-AzureAD-Authentication-Provider/1.0");
    let office = agent("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.16827; Pro)");
    let linux = agent("Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0");
    let requests = agent("python-requests/2.28.0");
    let powershell = agent("Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1");
    assert_eq!(same_family(edge, broker), Some(true));
    assert_eq!(same_family(broker, office), Some(true));
    assert_eq!(same_family(edge, linux), Some(false));
    assert_eq!(same_family(edge, requests), Some(false));
    assert_eq!(same_family(edge, powershell), Some(false), "same system, but a tool");
    assert_eq!(same_family(requests, agent("python-requests/2.31.0")), Some(true));
    assert_eq!(same_family(requests, agent("axios/1.6.2")), Some(false));
    assert_eq!(requests.tool(), Some(ToolKind::Library));
    assert_eq!(agent("axios/1.6.2").tool(), Some(ToolKind::Kit));
    assert_eq!(edge.tool(), None);
}

#[test]
fn unknown_is_never_different() {
    let edge = agent(CASES[0].0);
    let apple = agent("App/1 CFNetwork/1485 Darwin/23.1.0");
    let iphone = agent("Outlook-iOS/2.0");
    for other in [agent(""), agent("something nobody knows"), agent("Microsoft Office/16.0")] {
        assert_eq!(same_family(edge, other), None);
        assert_eq!(same_family(other, edge), None);
    }
    assert_eq!(same_family(apple, iphone), None);
    assert_eq!(same_family(iphone, apple), None);
    assert_eq!(same_family(apple, edge), Some(false));
}
