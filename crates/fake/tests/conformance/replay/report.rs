//! What came of a replay.

use std::fmt;

/// The differences of each step.
#[derive(Debug, Default)]
pub(crate) struct Report {
    steps: Vec<(String, Vec<String>)>,
}

impl Report {
    pub(super) fn step(&mut self, name: &str, differences: Vec<String>) {
        self.steps.push((name.to_owned(), differences));
    }

    /// How many differences there are.
    pub(crate) fn differences(&self) -> usize {
        self.steps
            .iter()
            .map(|(_, differences)| differences.len())
            .sum()
    }

    /// The indices of the steps that differ.
    pub(crate) fn failed_steps(&self) -> impl Iterator<Item = usize> {
        let steps = self.steps.iter().enumerate();
        steps
            .filter(|(_, (_, differences))| !differences.is_empty())
            .map(|(index, _)| index)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, differences)) in self.steps.iter().enumerate() {
            for difference in differences {
                writeln!(f, "step {} '{name}' {difference}", index + 1)?;
            }
        }
        Ok(())
    }
}
