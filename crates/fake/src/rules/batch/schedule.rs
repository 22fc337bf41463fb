//! Schedules of cron jobs.

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// Minutes, hours, days of the month, months, days of the week: the least and the most, and names for them.
const FIELDS: [(u32, u32, &[&str]); 5] = [
    (0, 59, &[]),
    (0, 23, &[]),
    (1, 31, &[]),
    (1, 12, &MONTHS),
    (0, 6, &DAYS),
];

/// Whether a text is a schedule: five fields, or a name such as `@hourly`.
pub(in crate::rules) fn is_schedule(text: &str) -> bool {
    if let Some(name) = text.strip_prefix('@') {
        let known = [
            "yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly",
        ];
        return known.contains(&name) || name.strip_prefix("every ").is_some_and(is_duration);
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    fields.len() == FIELDS.len()
        && fields
            .iter()
            .zip(FIELDS)
            .all(|(field, (least, most, names))| {
                field
                    .split(',')
                    .all(|part| is_part(part, least, most, names))
            })
}

/// `*`, a number or a range, with or without a step.
fn is_part(part: &str, least: u32, most: u32, names: &[&str]) -> bool {
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (part, None),
    };
    if !step.is_none_or(|step| step.parse::<u32>().is_ok_and(|step| step > 0)) {
        return false;
    }
    let number = |text: &str| {
        let named = names
            .iter()
            .position(|name| text.eq_ignore_ascii_case(name));
        let named = named
            .and_then(|at| u32::try_from(at).ok())
            .map(|at| at + least);
        let number = named.or_else(|| text.parse().ok());
        number.filter(|number| (least..=most).contains(number))
    };
    if matches!(range, "*" | "?") {
        return true;
    }
    match range.split_once('-') {
        Some((from, to)) => {
            matches!((number(from), number(to)), (Some(from), Some(to)) if from <= to)
        }
        None => number(range).is_some(),
    }
}

/// Numbers with units, such as `1h30m`.
fn is_duration(text: &str) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let unit = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        if unit.len() == rest.len() {
            return false;
        }
        let units = ["ms", "us", "ns", "h", "m", "s"];
        match units.iter().find_map(|known| unit.strip_prefix(known)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    !text.is_empty()
}

#[cfg(test)]
mod tests {
    use super::is_schedule;

    #[test]
    fn schedules_have_five_fields_or_a_name() {
        for text in [
            "*/5 * * * *",
            "0 0 1,15 * mon-fri",
            "@hourly",
            "@every 1h30m",
            "0 0 ? JAN 0",
        ] {
            assert!(is_schedule(text), "{text}");
        }
        for text in [
            "often",
            "* * * *",
            "60 * * * *",
            "*/0 * * * *",
            "5-1 * * * *",
            "@every x",
            "@",
        ] {
            assert!(!is_schedule(text), "{text}");
        }
    }
}
