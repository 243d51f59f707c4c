//! Three MariaDB servers that replicate to each other.

use std::path::Path;

use crate::{
    Family, Kind, Server,
    guard::{Guard, script},
    mariadb, ports, programs, random, time,
};

/// How many nodes there are: the least that can lose one.
const COUNT: usize = 3;

/// The replication library of Debian's galera-4.
const PROVIDER: &str = "/usr/lib/galera/libgalera_smm.so";

/// The script that starts the first node of a new cluster.
const BOOTSTRAP: &str = "bootstrap";

/// The script that starts a node which joins the others.
const JOIN: &str = "join";

/// A cluster of MariaDB 10.11.
pub struct Galera {
    /// The nodes. Each can be killed; one restarted joins those that still run.
    pub nodes: Vec<Server>,
}

/// The ports of one node.
struct Ports {
    sql: u16,
    group: u16,
    increments: u16,
    whole_state: u16,
}

impl Galera {
    /// Starts a new cluster, and waits until every node is in it.
    #[must_use]
    pub fn start() -> Self {
        assert!(
            Path::new(PROVIDER).is_file(),
            "Galera is missing; install Debian's galera-4"
        );
        let password = random::hex(16);
        let ports: [Ports; COUNT] = std::array::from_fn(|_| Ports {
            sql: ports::free(),
            group: ports::free(),
            increments: ports::free(),
            whole_state: ports::free(),
        });
        let members: Vec<String> = ports
            .iter()
            .map(|ports| format!("127.0.0.1:{}", ports.group))
            .collect();
        let cluster = format!("gcomm://{}", members.join(","));
        let nodes = ports
            .iter()
            .map(|ports| node(ports, &cluster, &password))
            .collect();
        let galera = Self { nodes };
        galera.form();
        galera
    }

    /// Waits until so many nodes are in the cluster, as each of those that run sees it.
    pub fn wait_for_size(&self, size: usize) {
        let size = size.to_string();
        for node in self.nodes.iter().filter(|node| node.process_id().is_some()) {
            let found = time::wait_for(|| {
                let rows = node.try_admin_in("", "SHOW STATUS LIKE 'wsrep_cluster_size'")?;
                let seen = rows
                    .into_iter()
                    .flatten()
                    .next_back()
                    .flatten()
                    .unwrap_or_default();
                if seen == size {
                    Ok(())
                } else {
                    Err(format!("the cluster has {seen} nodes"))
                }
            });
            found.unwrap_or_else(|error| panic!("{error}\n{}", node.own().guard.last_of_log()));
        }
    }

    /// Starts the nodes one after the other.
    fn form(&self) {
        let scripts = [BOOTSTRAP].into_iter().chain(std::iter::repeat(JOIN));
        for (node, script) in self.nodes.iter().zip(scripts) {
            let started = node.start_with(script);
            assert!(started, "a node ended:\n{}", node.own().guard.last_of_log());
        }
        self.wait_for_size(COUNT);
    }
}

/// Makes the files and the scripts of one node.
fn node(ports: &Ports, cluster: &str, password: &str) -> Server {
    let guard = Guard::new();
    let base = programs::base(Kind::MariaDb10_11, &guard);
    mariadb::prepare(&base, &guard, password);

    let mut arguments = mariadb::arguments(&base, &guard, ports.sql);
    arguments.extend([
        "--wsrep-on=ON".to_owned(),
        format!("--wsrep-provider={PROVIDER}"),
        format!("--wsrep-cluster-address={cluster}"),
        format!("--wsrep-node-address=127.0.0.1:{}", ports.group),
        format!("--wsrep-node-incoming-address=127.0.0.1:{}", ports.sql),
        "--wsrep-sst-method=rsync".to_owned(),
        format!(
            "--wsrep-sst-receive-address=127.0.0.1:{}",
            ports.whole_state
        ),
        format!(
            "--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:{};\
             ist.recv_addr=127.0.0.1:{};gcache.size=16M",
            ports.group, ports.increments
        ),
        "--binlog-format=ROW".to_owned(),
        "--default-storage-engine=InnoDB".to_owned(),
        "--innodb-autoinc-lock-mode=2".to_owned(),
    ]);
    let program = mariadb::program(&base);
    guard.write(JOIN, &script(&program, &arguments));
    arguments.push("--wsrep-new-cluster".to_owned());
    guard.write(BOOTSTRAP, &script(&program, &arguments));

    let mut administrator = mariadb::administrator(password);
    administrator.port = ports.sql;
    Server::not_started(Family::MariaDb, administrator, guard, JOIN)
}
