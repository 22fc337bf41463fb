//! The server on a socket with TLS.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use http::Method;
use kubekit_config::{Config, Kubeconfig, Overrides, Pem, Tls as ClientTls};
use kubekit_fake::{ApiServer, AuthorizationMode, Listening, Tls, TokenTable, User};
use kubekit_rest::RestClient;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use serde_json::Value;

const WHO: &str = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

/// An authority that signs certificates of clients.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Authority {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let pem = pem("CERTIFICATE", params.self_signed(&key).unwrap().der());
        Authority {
            pem,
            issuer: Issuer::new(params, key),
        }
    }

    /// The certificate and the key of a user, in PEM.
    fn sign(&self, user: &str, group: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, user);
        params
            .distinguished_name
            .push(DnType::OrganizationName, group);
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (
            pem("CERTIFICATE", certificate.der()),
            pem("PRIVATE KEY", &key.serialize_der()),
        )
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine;
    let body = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}

async fn listening(server: &ApiServer, tls: &Tls) -> Listening {
    server
        .listen_with_tls(([127, 0, 0, 1], 0), tls)
        .await
        .unwrap()
}

fn client(listening: &Listening, identity: Option<&(String, String)>) -> RestClient {
    let mut tls = ClientTls::default();
    tls.ca = Some(Pem::data(listening.ca_pem().unwrap().to_owned()));
    if let Some((certificate, key)) = identity {
        tls.client_certificate = Some(Pem::data(certificate.clone()));
        tls.client_key = Some(Pem::data(key.clone()));
    }
    let config = Config::new(listening.url().parse().unwrap()).tls(tls);
    RestClient::new(&config).unwrap()
}

async fn who(client: &RestClient) -> Result<Value, kubekit_rest::Error> {
    let request = client
        .request(Method::POST, WHO)
        .body("application/json", "{}");
    let review: Value = request.json().await?;
    Ok(review["status"]["userInfo"].clone())
}

#[tokio::test]
async fn the_kubeconfig_has_the_authority_and_the_token_of_an_administrator() {
    let tokens = TokenTable::new()
        .token("plaintoken", User::new("plain"))
        .token("admintoken", User::admin());
    let server = ApiServer::builder()
        .tokens(tokens)
        .authorization_mode(AuthorizationMode::Rbac)
        .build();
    let listening = listening(&server, &Tls::self_signed()).await;
    let kubeconfig = Kubeconfig::from_bytes(listening.kubeconfig().as_bytes()).unwrap();
    let config = Config::from_kubeconfig(&kubeconfig, &Overrides::default()).unwrap();
    let client = RestClient::new(&config).unwrap();
    assert_eq!(who(&client).await.unwrap()["username"], "admin");
    assert!(!format!("{listening:?}").contains("admintoken"));
    listening.shutdown().await;
}

#[tokio::test]
async fn a_certificate_shows_a_user_and_groups() {
    let authority = Authority::new();
    let tls = Tls::self_signed().client_ca(authority.pem.as_str());
    let listening = listening(&ApiServer::new(), &tls).await;
    let jane = client(&listening, Some(&authority.sign("jane", "devs")));
    let info = who(&jane).await.unwrap();
    assert_eq!(info["username"], "jane");
    assert_eq!(
        info["groups"],
        serde_json::json!(["devs", "system:authenticated"])
    );
    let nobody = client(&listening, None);
    assert_eq!(who(&nobody).await.unwrap()["username"], "system:anonymous");
    listening.shutdown().await;
}

#[tokio::test]
async fn a_certificate_of_somebody_else_is_a_bad_credential() {
    let (trusted, other) = (Authority::new(), Authority::new());
    let tls = Tls::self_signed().client_ca(trusted.pem.as_str());
    let listening = listening(&ApiServer::new(), &tls).await;
    let stranger = client(&listening, Some(&other.sign("jane", "system:masters")));
    assert!(who(&stranger).await.unwrap_err().is_unauthorized());
    listening.shutdown().await;
}

#[tokio::test]
async fn without_an_authority_certificates_of_clients_say_nothing() {
    let listening = listening(&ApiServer::new(), &Tls::self_signed()).await;
    let jane = client(&listening, Some(&Authority::new().sign("jane", "devs")));
    assert_eq!(who(&jane).await.unwrap()["username"], "admin");
    listening.shutdown().await;
}

#[tokio::test]
async fn authorities_that_are_none_are_an_error() {
    let tls = Tls::self_signed().client_ca("no certificate");
    let error = ApiServer::new()
        .listen_with_tls(([127, 0, 0, 1], 0), &tls)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
}
