//! The service account of the pod a process runs in.

use std::fs;

use crate::{
    config::{Config, pem::Pem},
    environment::Environment,
    error::{Error, Kind, Problem},
    files,
    overrides::Overrides,
    resolve::{connect, pem_pair::PemPair, server_part::ServerPart, user_part::UserPart},
};

/// Whether there is a service account to fall back to.
pub(crate) fn is_possible(environment: &Environment) -> bool {
    address(environment).is_ok() && environment.service_account_file("token").is_file()
}

/// Says why there is none.
pub(crate) fn impossible(environment: &Environment) -> Problem {
    match address(environment) {
        Err(problem) => problem,
        Ok(_) => {
            let file = environment.service_account_file("token");
            Problem::new(format!(
                "there is no service account token {}",
                file.display()
            ))
        }
    }
}

/// Reads the configuration.
pub(crate) fn load(environment: &Environment, overrides: &Overrides) -> Result<Config, Error> {
    let server = address(environment).map_err(|problem| Error::new(Kind::NotInCluster, problem))?;
    let server =
        ServerPart::in_cluster(server, certificate_authorities(environment)).overlay(overrides);
    let user =
        UserPart::service_account(environment.service_account_file("token")).overlay(overrides);

    let mut problems = user.problems();
    problems.extend(server.problems());
    if !problems.is_empty() {
        return Err(Error::with_problems(Kind::Invalid, problems));
    }
    let mut config = connect(server, user, overrides)?;
    config.default_namespace = match overrides.namespace_name() {
        Some(namespace) => namespace.to_owned(),
        None => namespace(environment),
    };
    Ok(config)
}

/// Returns the namespace of the pod.
pub(crate) fn namespace(environment: &Environment) -> String {
    let of_file = || {
        let text = fs::read_to_string(environment.service_account_file("namespace")).ok()?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    environment
        .text("POD_NAMESPACE")
        .or_else(of_file)
        .unwrap_or_else(|| "default".to_owned())
}

/// Returns the URL of the API server.
fn address(environment: &Environment) -> Result<String, Problem> {
    let required = |name: &'static str| {
        environment
            .text(name)
            .ok_or_else(|| Problem::new(format!("the variable {name} is not set")))
    };
    let host = required("KUBERNETES_SERVICE_HOST")?;
    let port = required("KUBERNETES_SERVICE_PORT")?;
    Ok(match host.contains(':') {
        true => format!("https://[{host}]:{port}"),
        false => format!("https://{host}:{port}"),
    })
}

/// Returns the cluster's certificate authorities. Like client-go, makes do with the system's when there are none.
fn certificate_authorities(environment: &Environment) -> PemPair {
    let file = environment.service_account_file("ca.crt");
    let begin = b"-----BEGIN CERTIFICATE-----";
    let has_certificate = |pem: Vec<u8>| pem.windows(begin.len()).any(|window| window == begin);
    match files::read(&file).is_ok_and(has_certificate) {
        true => PemPair::only(&Pem::File(file)),
        false => PemPair::default(),
    }
}
