//! The admin center's sign-in CSV in other languages than English.

use signin_sleuth::report::notices;

use crate::portal::{ID, ROW, SESSION, TOLD, kinds, told};
use crate::support::{ABSENT, assert_told, csv, read, sign_in};

/// [`ROW`] under another header.
fn under(header: &[&str]) -> String {
    let cells: Vec<(&str, &str)> = header.iter().copied().zip(ROW.map(|(_, cell)| cell)).collect();
    csv(&cells)
}

/// The header of the user tabs in Spanish.
#[rustfmt::skip]
const SPANISH: [&str; 57] = [
    "Fecha (UTC)", "Id. de solicitud", "Agente de usuario", "Id. de correlación", "Id. de usuario", "Usuario",
    "Nombre de usuario", "Tipo de usuario", "Tipo de acceso entre inquilinos", "Tipo de token entrante",
    "Protocolo de autenticación", "Identificador de token único", "Método de transferencia original",
    "Tipo de credencial de cliente", "Protección de token: sesión de inicio de sesión",
    "Protección con tokens: código de estado de sesión de inicio de sesión", "Aplicación",
    "Id. de aplicación ", "Id. de inquilino del propietario de la aplicación", "Recurso", "Id. de recurso ",
    "Id. de inquilino de recursos", "Id. de inquilino del administrador del recurso", "Id. de inquilino inicial",
    "Nombre del inquilino inicial", "Dirección IP", "Ubicación", "Estado",
    "Código de error de inicio de sesión", "Motivo del error", "Aplicación cliente", "Id. de dispositivo",
    "Explorador", "Sistema operativo", "Conforme", "Administrada", "Tipo de unión",
    "Resultado de la autenticación multifactor",
    "Método de autenticación de la autenticación multifactor",
    "Detalle de autenticación de la autenticación multifactor", "Requisito de autenticación",
    "Identificador de inicio de sesión", "Id. de sesión", "Dirección IP (vista por recurso)",
    "Mediante Acceso global seguro", "Dirección IP de Acceso global seguro", "Número de sistema autónomo",
    "Marcado para revisión", "Tipo de emisor de tokens", "Tipo de token entrante", "Nombre del emisor de tokens",
    "Latencia", "Acceso condicional", "Tipo de identidad administrada", "Id. del recurso asociado",
    "Id. de token federado", "Emisor de token federado",
];

#[test]
fn trap_06_a_header_in_spanish_is_read_whole() {
    let case = read(&[("InteractiveSignIns_2025.csv", under(&SPANISH).as_bytes())]);
    assert_told(&sign_in(&case), &TOLD);
    assert_eq!(case.inputs[0].languages.iter().collect::<Vec<_>>(), ["Spanish"]);
    assert!(kinds(&case).contains(&"language"));
    // Any part of it, in any order: by name.
    let part: Vec<(&str, &str)> = SPANISH.into_iter().zip(ROW.map(|(_, cell)| cell)).take(34).collect();
    let mut turned = part.clone();
    turned.reverse();
    for cells in [part, turned] {
        let is = told("a.csv", &csv(&cells));
        assert_told(&is, &[("id", ID), ("user", "ada@contoso.example"), ("code", "0"), ("session", ABSENT)]);
    }
}

#[test]
fn trap_06_french_is_known_in_part_and_says_so() {
    let cells = [
        ("Date (UTC)", "2025-12-04T08:19:41Z"),
        ("Nom d\u{2019}utilisateur", "ada@contoso.example"),
        ("Adresse IP", "203.0.113.7"),
        ("Emplacement", "Paris, Paris, FR"),
        ("Statut", "Opération réussie"),
        ("Code d\u{2019}erreur de connexion", ""),
        ("Application", "Azure Portal"),
        ("ID d\u{2019}application ", "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"),
        ("ID de session", SESSION),
        ("Méthode de transfert d\u{2019}origine", "none"),
        ("Numéro de système  autonome", "3215"),
    ];
    let case = read(&[("NonInteractiveSignIns_2025.csv", csv(&cells).as_bytes())]);
    let expected = [
        ("user", "ada@contoso.example"),
        ("ip", "203.0.113.7"),
        ("country", "FR"),
        ("code", "0"),
        ("session", SESSION),
        ("transfer", "none"),
        ("asn", "3215"),
        ("stream", "non-interactive"),
        ("id", ABSENT),
    ];
    assert_told(&sign_in(&case), &expected);
    assert_eq!(case.inputs[0].languages.iter().collect::<Vec<_>>(), ["French"]);
    // With the header of 2025 it is read whole: what is not known of the language is told by its place.
    let mut header = SPANISH.map(|_| "?");
    header[6] = "Nom d'utilisateur";
    header[25] = "Adresse IP";
    assert_told(&told("InteractiveSignIns.csv", &under(&header)), &TOLD);
}

#[test]
fn trap_06_a_language_that_is_not_known_is_told_by_the_place_of_its_columns() {
    let names: Vec<String> = (0..57).map(|number| format!("列 {number}")).collect();
    let header: Vec<&str> = names.iter().map(String::as_str).collect();
    let case = read(&[("InteractiveSignIns.csv", under(&header).as_bytes())]);
    assert_told(&sign_in(&case), &TOLD);
    assert_eq!(case.inputs[0].languages.iter().collect::<Vec<_>>(), ["unknown"]);
    let notice = notices(&case).into_iter().find(|notice| notice.kind == "language").expect("a notice");
    assert!(notice.text.contains("not known") && notice.next.contains("English"), "{}", notice.text);
    // Columns that are none of a known order are not guessed at.
    let case = read(&[("InteractiveSignIns.csv", under(&header[..40]).as_bytes())]);
    assert_eq!(case.inputs[0].languages.iter().collect::<Vec<_>>(), ["unread"]);
    assert_eq!((case.inputs[0].format.as_str(), case.inputs[0].events), ("unknown", 0));
    assert!(kinds(&case).contains(&"language"));
    // English says nothing of its language.
    let case = read(&[("InteractiveSignIns.csv", csv(&ROW).as_bytes())]);
    assert!(case.inputs[0].languages.is_empty() && !kinds(&case).contains(&"language"));
}

/// A row of the tables of a workspace with as many columns as the admin center's file of applications has,
/// without the time of its writing; the first two as there.
#[test]
fn a_table_of_a_workspace_with_as_many_columns_is_none_of_the_admin_center() {
    let rest: [(&str, &str); 18] = [
        ("CorrelationId", "c0ffee00-0000-0000-0000-00000000c0de"),
        ("SessionId", SESSION),
        ("UserId", "11111111-0000-0000-0000-000000000001"),
        ("UserPrincipalName", "ada@contoso.example"),
        ("UserDisplayName", "Ada"),
        ("AppDisplayName", "Azure Portal"),
        ("AppId", "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"),
        ("ResourceDisplayName", "Microsoft Graph"),
        ("UserAgent", "Mozilla/5.0"),
        ("ResourceIdentity", "00000003-0000-0000-c000-000000000000"),
        ("ClientAppUsed", "Browser"),
        ("AADTenantId", "99999999-0000-0000-0000-000000000009"),
        ("AuthenticationRequirement", "singleFactorAuthentication"),
        ("ConditionalAccessStatus", "success"),
        ("IPAddress", "203.0.113.7"),
        ("Location", "DE"),
        ("IncomingTokenType", "none"),
        ("IsInteractive", "True"),
    ];
    let table = |time: &'static str, last: [(&'static str, &'static str); 2]| {
        let cells: Vec<(&str, &str)> =
            [(time, "2025-12-04T08:19:41Z"), ("Id", ID)].into_iter().chain(rest).chain(last).collect();
        assert_eq!(cells.len(), 22);
        csv(&cells)
    };
    for (time, last) in [
        ("CreatedDateTime", [("ResultType", "0"), ("ResultDescription", "")]),
        ("CreatedDateTime [UTC]", [("ResultType", "0"), ("RiskState", "none")]),
        ("CreatedDateTime", [("Status", r#"{"errorCode":0}"#), ("RiskState", "none")]),
    ] {
        let case = read(&[("query_data.csv", table(time, last).as_bytes())]);
        assert!(case.inputs[0].languages.is_empty(), "{:?}", case.inputs[0].languages);
        let expected = [
            ("id", ID),
            ("user", "ada@contoso.example"),
            ("session", SESSION),
            ("app_id", "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"),
            ("stream", "interactive"),
            ("code", "0"),
        ];
        assert_told(&sign_in(&case), &expected);
    }
    // A table that somebody chose columns for, with names of their own, is not guessed at.
    let own: Vec<(String, &str)> = [("When", "2025-12-04T08:19:41Z"), ("Which", ID)]
        .into_iter()
        .chain(rest)
        .map(|(name, cell)| (name.to_owned(), cell))
        .chain([("Note".to_owned(), "x"), ("More".to_owned(), "y")])
        .collect();
    let own: Vec<(&str, &str)> = own.iter().map(|(name, cell)| (name.as_str(), *cell)).collect();
    let case = read(&[("own.csv", csv(&own).as_bytes())]);
    assert!(!case.inputs[0].languages.contains("unknown"), "{:?}", case.inputs[0].languages);
}
