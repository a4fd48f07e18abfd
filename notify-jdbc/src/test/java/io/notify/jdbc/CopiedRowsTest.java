package io.notify.jdbc;

import static io.notify.jdbc.Entries.T0;
import static org.assertj.core.api.Assertions.assertThat;

import io.notify.LogEntry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CopiedRowsTest {
    private static Postgres postgres;

    @BeforeAll
    static void start() throws Exception {
        postgres = new Postgres();
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void empty() throws Exception {
        postgres.empty();
    }

    @Test
    void aCopiedRowIsTheOneThatAnInsertMakes() throws Exception {
        List<LogEntry> entries = List.of(
                entry("ann", "user:ann", "{}", T0, null, null),
                entry(
                        "ann",
                        "room:a\tb\\N",
                        "{\"title\":\"\u00fc\ud83d\ude00\\u0000\\\\\"}",
                        T0,
                        T0.plusSeconds(1),
                        "k"),
                entry("*", "everyone", "[" + "1,".repeat(50_000) + "1]", Instant.EPOCH, Instant.MAX, "\u00df"),
                entry("\ud83d\ude00", "users", "\"\n\"", Instant.MIN, T0.plusNanos(999_999), null));
        List<String> copied = stored(postgres::connect, entries);
        postgres.empty();
        assertThat(copied)
                .isEqualTo(stored(CopiedRowsTest::plainConnection, entries))
                .hasSize(4);
    }

    @Test
    void aRowThatCannotBeCopiedIsRejectedAloneAndTheOthersAreStored() throws Exception {
        List<LogEntry> entries = List.of(
                entry("ann", "user:ann", "{}", T0, null, null),
                entry("ann\0", "user:ann\0", "{}", T0, null, null),
                entry("bob", "user:bob", "{}", T0, null, null));
        try (JdbcNotificationLog log = log(postgres::connect)) {
            log.open();
            assertThat(log.append(entries))
                    .extracting(answer -> answer.getClass().getSimpleName())
                    .containsExactly("Stored", "Rejected", "Stored");
            assertThat(log.head().seq()).isEqualTo(2);
        }
    }

    private interface Connections {
        Connection open() throws SQLException;
    }

    private static List<String> stored(Connections connections, List<LogEntry> entries) throws SQLException {
        try (JdbcNotificationLog log = log(connections)) {
            log.open();
            log.append(entries);
        }
        List<String> rows = new ArrayList<>();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT l::text FROM notification_logs l ORDER BY seq")) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }

    private static JdbcNotificationLog log(Connections connections) {
        DataSource dataSource = (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> connections.open());
        return JdbcNotificationLog.builder().dataSource(dataSource).build();
    }

    /** As a host's own wrapper may be: one that shows nothing of the driver. */
    private static Connection plainConnection() throws SQLException {
        Connection connection = postgres.connect();
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("isWrapperFor")) {
                        return false;
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static LogEntry entry(
            String user, String audience, String payload, Instant createdAt, Instant expiresAt, String collapseKey) {
        return new LogEntry(
                UUID.nameUUIDFromBytes(user.concat(audience).getBytes(StandardCharsets.UTF_8)),
                user,
                audience,
                List.of(),
                "booking.created",
                payload.getBytes(StandardCharsets.UTF_8),
                createdAt,
                expiresAt,
                null,
                collapseKey);
    }
}
