//! What the guide for containers says is read and started: as process 1, with everything read-only but the volume, and
//! with secrets as Compose and Kubernetes mount them.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use reset_password_test_service::{Service, binary, with_mounts};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// The user of the guide.
const USER: &str = "10001";

fn guide() -> String {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/guides/containers.md"
    );
    fs::read_to_string(path).unwrap()
}

/// Every document of every block of YAML in the guide.
fn documents() -> Vec<Value> {
    let text = guide();
    let blocks = text.split("\n```yaml\n").skip(1);
    let blocks = blocks.map(|rest| rest.split_once("\n```").expect("a block has no end").0);
    let documents = blocks.flat_map(|block| block.split("\n---\n"));
    documents
        .map(|document| {
            serde_saphyr::from_str(document).unwrap_or_else(|error| panic!("{error}: {document}"))
        })
        .collect()
}

/// A service as it runs in a container. `prepare` is what mounts its secrets, in the shell. What the guide has at fixed
/// places is in the folder.
fn contained(folder: &Path, environment: &BTreeMap<String, String>, prepare: &str) -> Service {
    let mut command = with_mounts(&["--pid", "--fork", "--kill-child", "--mount-proc"]);
    let script = format!(
        r#"{prepare}
           mount -t tmpfs -o size=64m none data
           if [ "$(id -ru)" = 0 ] && chown {USER}:{USER} data 2>/dev/null; then
               drop="setpriv --reuid {USER} --regid {USER} --clear-groups --bounding-set=-all --no-new-privs"
           else
               drop=
           fi
           # All that there is, as far as whoever mounts here may.
           for place in / /tmp /dev/shm /var; do mount -o remount,bind,ro "$place" 2>/dev/null || :; done
           exec $drop "$0" serve"#
    );
    command.args(["sh", "-ec", &script]).arg(binary());
    command.current_dir(folder).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap());
    for (name, value) in environment {
        let value = value
            .replace(
                "/var/lib/reset-password/",
                &format!("{}/data/", folder.display()),
            )
            .replace("/run/secrets/", &format!("{}/secrets/", folder.display()))
            .replace(
                "/etc/reset-password/",
                &format!("{}/secrets/", folder.display()),
            )
            .replace(":8080", ":0")
            .replace(":8443", ":0");
        command.env(name, value);
    }
    Service::spawn(command)
}

/// Has what runs in the namespace read its secrets again and ends it, as its keeper would, and sees it end well.
fn reload_and_stop(mut service: Service) {
    signal(&service, Signal::HUP);
    service.line(|line| line["event"] == "sys_reload" && line["level"] == "INFO");
    signal(&service, Signal::TERM);
    service.wait();
    assert!(service.log().contains("\"stopped\""), "{}", service.log());
}

fn signal(service: &Service, signal: Signal) {
    let children = format!("/proc/{0}/task/{0}/children", service.pid());
    let first = fs::read_to_string(children).unwrap();
    let pid = first.split_whitespace().next().unwrap().parse().unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
}

fn port(service: &Service) -> &str {
    service.address.rsplit(':').next().unwrap()
}

fn curl(url: &str) -> String {
    let said = Command::new("curl")
        .args(["-sSk", "-o", "/dev/null", "-w", "%{http_code}", url])
        .output();
    String::from_utf8(said.unwrap().stdout).unwrap()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["data", "secrets"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    // The user of the container has to come to what is mounted in it.
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(folder.path(), mode).unwrap();
    folder
}

/// Whose a secret is: the user's, where this test may give it to him.
fn owned(file: &str) -> String {
    format!("chown {USER}:{USER} {file} 2>/dev/null || :")
}

const NEW_KEY: &str = "echo 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

#[test]
fn a_service_of_compose_starts_as_the_guide_has_it() {
    let documents = documents();
    let compose = &documents[0];
    let service = &compose["services"]["reset-password"];
    let environment: BTreeMap<String, String> =
        serde_json::from_value(service["environment"].clone()).unwrap();
    for needed in [
        "read_only",
        "cap_drop",
        "security_opt",
        "stop_grace_period",
        "user",
    ] {
        assert!(!service[needed].is_null(), "{needed}");
    }
    let secret = service["secrets"][0].as_str().unwrap();
    assert_eq!(
        environment["RESET_PASSWORD_KEY_FILE"],
        format!("/run/secrets/{secret}")
    );
    assert!(compose["secrets"][secret]["file"].is_string());
    let subnet = &compose["networks"]["behind"]["ipam"]["config"][0]["subnet"];
    assert_eq!(
        environment["RESET_PASSWORD_TRUSTED_PROXIES"],
        subnet.as_str().unwrap()
    );

    let folder = folder();
    let mount = format!(
        r"mount -t tmpfs none secrets; {NEW_KEY} > secrets/{secret}; chmod 400 secrets/{secret}
           {}; mount -o remount,bind,ro secrets",
        owned(&format!("secrets/{secret}"))
    );
    let running = contained(folder.path(), &environment, &mount);
    let port = port(&running);
    assert_eq!(curl(&format!("http://127.0.0.1:{port}/readyz")), "200");
    // The check of its health is the program itself, with what the container's environment says.
    let check: Vec<_> = service["healthcheck"]["test"]
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect();
    assert_eq!(check, ["CMD", "/reset-password", "health"]);
    let is_well = |port: &str| {
        let listen = environment["RESET_PASSWORD_LISTEN"].replace(":8080", &format!(":{port}"));
        let mut health = Command::new(binary());
        health
            .arg(check[2])
            .env_clear()
            .envs(&environment)
            .env("RESET_PASSWORD_LISTEN", listen);
        health.output().unwrap().status.success()
    };
    assert!(is_well(port));
    assert!(!is_well("1"));
    reload_and_stop(running);
    // The other form of a secret says whose it is.
    let other = &documents[1]["services"]["reset-password"]["secrets"][0];
    assert_eq!((&other["uid"], &other["gid"]), (&USER.into(), &USER.into()));
}

#[test]
fn a_pod_of_kubernetes_starts_as_the_guide_has_it() {
    let documents = documents();
    let pod = &documents[2]["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    let environment: BTreeMap<String, String> = container["env"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| [&one["name"], &one["value"]].map(|text| text.as_str().unwrap().to_owned()))
        .map(|[name, value]| (name, value))
        .chain([(
            "RESET_PASSWORD_PORT".to_owned(),
            "tcp://10.0.0.1:443".to_owned(),
        )])
        .collect();
    assert_eq!(documents[2]["spec"]["replicas"], 1);
    assert_eq!(pod["securityContext"]["runAsUser"].to_string(), USER);
    assert_eq!(pod["securityContext"]["fsGroup"].to_string(), USER);
    for volume in pod["volumes"].as_array().unwrap() {
        let mode = volume["secret"]["defaultMode"].to_string();
        assert!(mode == "256" || mode.contains("400"), "{volume}");
    }
    assert!(documents[3]["spec"]["ports"][0]["targetPort"].is_string());

    let folder = folder();
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ])
        .args([
            "-keyout",
            "tls.key",
            "-out",
            "tls.crt",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
        ])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    // What the kubelet makes of a secret with a group and the mode 0400: links to files of root's that the group may read.
    let mount = format!(
        r"for volume in key tls; do
               mkdir -p secrets/$volume; mount -t tmpfs none secrets/$volume; mkdir secrets/$volume/..1
               ln -s ..1 secrets/$volume/..data
           done
           {NEW_KEY} > secrets/key/..1/current; ln -s ..data/current secrets/key/current
           for file in tls.key tls.crt; do cp $file secrets/tls/..1/; ln -s ..data/$file secrets/tls/$file; done
           chmod 440 secrets/*/..1/*; chgrp {USER} secrets/*/..1/* 2>/dev/null || :
           for volume in key tls; do mount -o remount,bind,ro secrets/$volume; done"
    );
    let running = contained(folder.path(), &environment, &mount);
    for probe in ["livenessProbe", "readinessProbe"] {
        let get = &container[probe]["httpGet"];
        let scheme = get["scheme"].as_str().unwrap().to_lowercase();
        let path = get["path"].as_str().unwrap();
        let url = format!("{scheme}://127.0.0.1:{}{path}", port(&running));
        assert_eq!(curl(&url), "200", "{url}");
    }
    reload_and_stop(running);
}
