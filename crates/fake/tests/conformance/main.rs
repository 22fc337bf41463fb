//! Conversations recorded from kube-apiserver 1.36.2, held with the embedded server: in process, and over a socket.
//!
//! Every file in `scenarios` is a test; new ones are found by themselves. A scenario named in `pending.txt` may fail for now, and must
//! be taken from the list once it passes. `altered` tests hold the replayer itself to account: each passing scenario is replayed with
//! expectations that are wrong, and every wrong one has to be reported.

mod alter;
mod replay;
mod rules;
mod servers;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use alter::Alteration;
use libtest_mimic::{Arguments, Failed, Trial};
use replay::{Report, Scenario};
use servers::Way;

fn main() -> ExitCode {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let scenarios = Scenario::load_all(&here.join("scenarios")).expect("the scenarios can be read");
    let pending = pending(include_str!("pending.txt"));
    let mut trials = rules::trials();
    trials.push(names_known(&scenarios, &pending));
    for scenario in scenarios {
        if pending.contains(scenario.name.as_str()) {
            trials.push(fails_still(scenario));
        } else {
            trials.extend(passes(scenario));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn pending(list: &'static str) -> BTreeSet<&'static str> {
    let names = list.lines().map(str::trim);
    names.filter(|line| !line.is_empty()).collect()
}

/// A scenario that passes both ways, and whose expectations are really compared.
fn passes(scenario: Scenario) -> [Trial; 3] {
    let area = scenario.area.clone();
    let trial = |name: &str, test: fn(&Scenario) -> Result<(), Failed>| {
        let scenario = scenario.clone();
        Trial::test(format!("{}::{name}", scenario.name), move || {
            test(&scenario)
        })
        .with_kind(area.as_str())
    };
    [
        trial("in_process", |scenario| {
            verdict(&Way::InProcess.replay(scenario))
        }),
        trial("over_a_socket", |scenario| {
            verdict(&Way::Socket.replay(scenario))
        }),
        trial("altered", notices_alterations),
    ]
}

/// A scenario that is known to fail in at least one way.
fn fails_still(scenario: Scenario) -> Trial {
    let name = format!("{}::fails_still", scenario.name);
    let test = move || {
        let ways = [Way::InProcess, Way::Socket];
        if ways
            .iter()
            .any(|way| way.replay(&scenario).differences() > 0)
        {
            return Ok(());
        }
        let name = &scenario.name;
        Err(format!("{name} passes: remove it from tests/conformance/pending.txt").into())
    };
    Trial::test(name, test).with_kind("pending")
}

fn names_known(scenarios: &[Scenario], pending: &BTreeSet<&'static str>) -> Trial {
    let names: BTreeSet<&str> = scenarios
        .iter()
        .map(|scenario| scenario.name.as_str())
        .collect();
    let unknown: Vec<&'static str> = pending
        .iter()
        .copied()
        .filter(|name| !names.contains(name))
        .collect();
    Trial::test("pending_scenarios_exist", move || {
        match unknown.as_slice() {
            [] => Ok(()),
            unknown => {
                Err(format!("pending.txt names scenarios that do not exist: {unknown:?}").into())
            }
        }
    })
}

fn verdict(report: &Report) -> Result<(), Failed> {
    match report.differences() {
        0 => Ok(()),
        _ => Err(report.to_string().into()),
    }
}

fn notices_alterations(scenario: &Scenario) -> Result<(), Failed> {
    for alteration in Alteration::ALL {
        let (altered, steps) = alteration.apply(scenario);
        let report = Way::InProcess.replay(&altered);
        let noticed: BTreeSet<usize> = report.failed_steps().collect();
        if let Some(missed) = steps.difference(&noticed).next() {
            let expectation = &altered.steps[*missed].expect;
            let text = serde_json::to_string(expectation).unwrap_or_default();
            return Err(format!(
                "{alteration:?} in step {} went unnoticed: {text}",
                missed + 1
            )
            .into());
        }
    }
    Ok(())
}
