//! What people ask first, asked of a case that nobody looks at, so that the code which answers it is compiled by then.

use serde_json::{Value, json};

use super::Desk;

impl Desk {
    /// Asks what is asked on the way from the sessions to one of them, to its user and to where that one came from.
    ///
    /// # Errors
    /// When the answer to one of the questions is nothing, or it is no question.
    pub fn rehearse(&self) -> Result<(), String> {
        self.prepare();
        let put = |question: Value| {
            let answer: Value = serde_json::from_slice(&self.answer(question.to_string().as_bytes())?)
                .map_err(|error| error.to_string())?;
            if answer.is_null() { Err(format!("nothing is the answer to {question}")) } else { Ok(answer) }
        };
        put(json!({"ask": "overview", "bins": 100}))?;
        put(json!({"ask": "coverage"}))?;
        let filter = json!({"text": "", "from": null, "to": null, "only": [], "not": []});
        let list = json!({"ask": "sessions", "filter": filter, "group": "incident", "sort": "severity",
            "descending": true, "offset": 0, "limit": 1});
        let first = put(list)?;
        let field = |name: &str| first.pointer(&format!("/rows/0/{name}")).cloned().unwrap_or_default();
        put(json!({"ask": "session", "key": field("key")}))?;
        put(json!({"ask": "lanes", "key": field("key"), "from": null, "to": null, "most": 100}))?;
        put(json!({"ask": "entity", "column": "user", "value": field("user")}))?;
        put(json!({"ask": "entity", "column": "address", "value": field("addresses/0")}))?;
        put(json!({"ask": "tally", "tally": {"of": "sign-ins", "by": ["app"], "only": [], "order": "most",
            "limit": 100, "within": {"from": null, "to": null}, "ticks": null}}))?;
        Ok(())
    }
}
