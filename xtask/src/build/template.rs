//! `{{name}}` in a text, filled in once.

use anyhow::{Context, Result, bail};

/// Replaces each `{{name}}` of `template`. A name without a value fails, and so does a value without
/// a place. What is filled in is not looked at again.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut used = vec![false; values.len()];
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").context("a {{ without its }}")?;
        let at = values.iter().position(|(given, _)| *given == name);
        let Some((at, (_, value))) = at.and_then(|at| Some((at, values.get(at)?))) else {
            bail!("nothing is known to fill in for {{{{{name}}}}}");
        };
        if let Some(used) = used.get_mut(at) {
            *used = true;
        }
        out.push_str(before);
        out.push_str(value);
        rest = after;
    }
    out.push_str(rest);
    match used.iter().position(|used| !used).and_then(|at| values.get(at)) {
        Some((name, _)) => bail!("there is no place for {{{{{name}}}}}"),
        None => Ok(out),
    }
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn fills_in_once() {
        assert_eq!(fill("<{{a}}|{{b}}>", &[("a", "{{b}}"), ("b", "2")]).unwrap(), "<{{b}}|2>");
    }

    #[test]
    fn a_name_without_value_and_a_value_without_place_fail() {
        assert!(fill("{{a}}", &[]).is_err());
        assert!(fill("none", &[("a", "1")]).is_err());
        assert!(fill("{{a", &[("a", "1")]).is_err());
    }
}
