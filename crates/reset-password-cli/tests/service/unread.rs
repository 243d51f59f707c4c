//! What costs no read of the database.

use reset_password_test_databases::{Proxy, through};
use reset_password_test_service::{USERS, request};

use crate::on_server::OnServer;

/// Whoever was wrong too often is refused unread, but for a key that there is.
#[test]
fn sec89_a_throttled_client_costs_no_read() {
    let mut node = OnServer::new();
    let proxy = Proxy::before(node.database.server().unwrap().address());
    node.url = through(&node.url, proxy.address());
    let key = node.new_key("users:read");
    let service = node.serve("127.0.0.1:0");
    let get = |key: &str| {
        let authorization = format!("Bearer {key}");
        let request = request("GET", USERS, &[("authorization", &authorization)], None);
        service.raw(request).unwrap().status
    };
    let right = key.as_str();
    let wrong = |n: u32| format!("rpk_{n:026}_{}", &right[31..]);
    // Its connections are open after these.
    let statuses: Vec<_> = (0..12).map(|n| get(&wrong(n))).collect();
    assert_eq!(statuses[..10], [401; 10]);
    assert_eq!(statuses[11], 429);
    let least = (0..20).map(|n| {
        proxy.reset_count();
        let throttled = (0..10)
            .map(|m| get(&wrong(n * 10 + m)))
            .filter(|status| *status == 429);
        assert!(throttled.count() >= 8);
        proxy.count()
    });
    // What is done once a second, or a minute, may fall among some of them.
    assert_eq!(least.min(), Some(0));
    assert_eq!(get(right), 200);
}
