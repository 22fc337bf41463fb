//! The service account of the pod a process runs in.

use std::path::Path;

use crate::{
    config::{Config, pem::Pem},
    environment::Environment,
    error::{Error, Kind, Problem},
    files,
    overrides::Overrides,
    resolve::{connect, pem_pair::PemPair, server_part::ServerPart, user_part::UserPart},
};

/// The file of the service account with the token.
const TOKEN: &str = "token";

/// Whether there is a service account to fall back to.
pub(crate) fn is_possible(environment: &Environment) -> bool {
    place(environment).is_ok_and(|(_, folder)| folder.join(TOKEN).is_file())
}

/// Says why there is none.
pub(crate) fn impossible(environment: &Environment) -> Problem {
    match place(environment) {
        Err(problem) => problem,
        Ok((_, folder)) => {
            let file = folder.join(TOKEN);
            Problem::new(format!(
                "there is no service account token {}",
                file.display()
            ))
        }
    }
}

/// Reads the configuration.
pub(crate) fn load(environment: &Environment, overrides: &Overrides) -> Result<Config, Error> {
    let (server, folder) =
        place(environment).map_err(|problem| Error::new(Kind::NotInCluster, problem))?;
    let ca = certificate_authorities(&folder.join("ca.crt"));
    let server = ServerPart::in_cluster(server, ca).overlay(overrides);
    let user = UserPart::service_account(folder.join(TOKEN)).overlay(overrides);

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
        let file = environment.service_account_folder()?.join("namespace");
        let text = String::from_utf8(files::read(&file).ok()?).ok()?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    environment
        .text("POD_NAMESPACE")
        .or_else(of_file)
        .unwrap_or_else(|| "default".to_owned())
}

/// Returns the URL of the API server and the folder of the service account.
fn place(environment: &Environment) -> Result<(String, &Path), Problem> {
    let server = address(environment)?;
    let no_folder = || Problem::new("there is no folder of a service account");
    Ok((
        server,
        environment.service_account_folder().ok_or_else(no_folder)?,
    ))
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
    Ok(if host.contains(':') {
        format!("https://[{host}]:{port}")
    } else {
        format!("https://{host}:{port}")
    })
}

/// Returns the cluster's certificate authorities. Like client-go, makes do with the system's when there are none.
fn certificate_authorities(file: &Path) -> PemPair {
    let begin = b"-----BEGIN CERTIFICATE-----";
    let has_certificate = |pem: Vec<u8>| pem.windows(begin.len()).any(|window| window == begin);
    if files::read(file).is_ok_and(has_certificate) {
        PemPair::only(&Pem::File(file.to_owned()))
    } else {
        PemPair::default()
    }
}
