package io.notify.jdbc;

import static io.notify.jdbc.Entries.ANN;
import static io.notify.jdbc.Entries.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class HostsDataSourceTest {
    @TempDir
    Path directory;

    @Test
    void aHostsDataSourceIsUsedAndGivenBackAsItWas() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:hosts;DB_CLOSE_DELAY=-1");
        config.setUsername("sa");
        config.setPassword("");
        config.setMaximumPoolSize(4);
        try (HikariDataSource hosts = new HikariDataSource(config)) {
            try (JdbcNotificationLog log =
                    JdbcNotificationLog.builder().dataSource(hosts).build()) {
                log.open();
                log.append(List.of(Entries.own("ann"), Entries.everyone()));
                assertThat(log.count(ANN, 0, 10, T0)).isEqualTo(2);
            }
            assertThat(hosts.isClosed()).isFalse();
            assertThat(hosts.getHikariPoolMXBean().getActiveConnections()).isZero();
            try (Connection connection = hosts.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(connection.getAutoCommit()).isTrue();
                assertThat(statement.getQueryTimeout()).isZero();
            }
        }
    }

    @Test
    void onSqliteTheLogWantsTheUrl() {
        SQLiteDataSource hosts = new SQLiteDataSource();
        hosts.setUrl("jdbc:sqlite:" + directory.resolve("hosts.db"));
        try (JdbcNotificationLog log =
                JdbcNotificationLog.builder().dataSource(hosts).build()) {
            assertThatThrownBy(log::open)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("dataSource: SQLite (expected: url(\"jdbc:sqlite:");
        }
    }

    @Test
    void onH2PowerIsRefused() {
        try (JdbcNotificationLog log = JdbcNotificationLog.builder()
                .url("jdbc:h2:mem:power")
                .durability(Durability.POWER)
                .build()) {
            assertThatThrownBy(log::open)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("H2, which syncs no commit");
        }
    }
}
