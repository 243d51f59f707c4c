package story;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.springframework.security.core.userdetails.jdbc.JdbcDaoImpl;
import org.springframework.security.web.authentication.rememberme.JdbcTokenRepositoryImpl;

/** The database at an address, made first where it is on a server, and as JDBC calls it. */
record Database(String kind, String address) {

    /** Makes the database and the tables of Spring Security, by its own scripts. */
    void make() throws SQLException, IOException {
        if (!isSqlite()) {
            run(server(""), "CREATE DATABASE " + name());
        }
        // The type is one of HSQLDB's; the reference has the others' say "varchar".
        String type = isSqlite() ? "varchar_ignorecase" : "varchar";
        try (InputStream script = JdbcDaoImpl.class.getResourceAsStream("/" + JdbcDaoImpl.DEFAULT_USER_SCHEMA_DDL_LOCATION)) {
            String users = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            run(url(), users.replace("varchar_ignorecase", type).split(";\\s*"));
        }
        run(url(), JdbcTokenRepositoryImpl.CREATE_TABLE_SQL);
    }

    /** Removes what was made on a server. The engine's own connections are still there. */
    void drop() throws SQLException {
        if (!isSqlite()) {
            run(server(""), "DROP DATABASE " + name() + (kind.equals("postgres") ? " WITH (FORCE)" : ""));
        }
    }

    String url() {
        return isSqlite() ? "jdbc:sqlite:" + address : server(name());
    }

    String user() {
        return isSqlite() ? "" : userInfo()[0];
    }

    String password() {
        return isSqlite() || userInfo().length == 1 ? "" : userInfo()[1];
    }

    private boolean isSqlite() {
        return kind.equals("sqlite");
    }

    private String server(String name) {
        URI server = URI.create(address);
        String driver = kind.equals("postgres") ? "postgresql" : "mariadb";
        String database = name.isEmpty() && kind.equals("postgres") ? "postgres" : name;
        return "jdbc:" + driver + "://" + server.getHost() + ":" + server.getPort() + "/" + database;
    }

    private String name() {
        return URI.create(address).getPath().substring(1);
    }

    private String[] userInfo() {
        return URI.create(address).getUserInfo().split(":", 2);
    }

    private void run(String url, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user(), password());
                var statement = connection.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }
}
