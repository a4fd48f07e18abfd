package io.notify.jdbc;

import static io.notify.jdbc.Entries.ANN;
import static io.notify.jdbc.Entries.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.notify.Appended;
import io.notify.DeliveryStatus;
import io.notify.Position;
import java.io.BufferedReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteFileTest {
    @TempDir
    Path directory;

    private String url() {
        return "jdbc:sqlite:" + directory.resolve("log.db");
    }

    private JdbcNotificationLog.Builder builder() {
        return JdbcNotificationLog.builder().url(url());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String query(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    @Test
    void whatWasAnsweredSurvivesKill9() throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        url())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String last = "";
        try (BufferedReader answers = writer.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < 300; i++) {
                last = answers.readLine();
                assertThat(last).as("an answer of the writer").isNotNull();
            }
            writer.toHandle().destroyForcibly(); // which leaves what it said to be read
            // what it still said before it died counts too
            for (String line = answers.readLine(); line != null && line.endsWith("."); line = answers.readLine()) {
                last = line;
            }
        }
        Position acknowledged = Position.parse(last.substring(0, last.length() - 1));
        try (JdbcNotificationLog log = builder().build()) {
            Position head = log.open();
            assertThat(head.epoch()).isEqualTo(acknowledged.epoch());
            assertThat(head.seq()).isGreaterThanOrEqualTo(acknowledged.seq());
            assertThat(log.count(ANN, 0, Long.MAX_VALUE, T0)).isEqualTo(head.seq());
        }
    }

    @Test
    void rowsThatSomebodyDeletedByHandKeepNoOthersFromBeingPurged() throws SQLException {
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 5));
        }
        execute("DELETE FROM notification_logs WHERE seq <= 3");
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            assertThat(log.purge(T0.plusSeconds(1), 3, T0)).isEqualTo(2);
            assertThat(log.count(ANN, 0, 10, T0)).isZero();
        }
    }

    @Test
    void powerSyncsEachBatch() {
        try (JdbcNotificationLog log = builder().durability(Durability.POWER).build()) {
            log.open();
            assertThat(log.append(Entries.own("ann", 3))).hasOnlyElementsOfType(Appended.Stored.class);
            assertThat(log.count(ANN, 0, 10, T0)).isEqualTo(3);
        }
    }

    @Test
    void timesAreStoredInUtcAndTheRequiredColumnsMeanWhatTheySay() throws Exception {
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            Position position =
                    ((Appended.Stored) log.append(List.of(Entries.own("ann"))).get(0)).position();
            log.recordDeliveries(List.of(new DeliveryStatus(position, T0.plusMillis(5), 2, null)));
            log.recordDeliveries(List.of(new DeliveryStatus(position, T0.plusMillis(9), 1, null)));
        }
        assertThat(query(
                        "SELECT concat_ws('|', user_id, event, payload, delivered, delivered_at, COALESCE(error, 'none'),"
                                + " created_at, connections) FROM notification_logs"))
                .isEqualTo("ann|booking.created|{\"title\":\"Hello\"}|1|2026-07-01 12:00:00.128|none"
                        + "|2026-07-01 12:00:00.123|3");
    }

    @Test
    void theEpochIsKeptWhenNothingIsAmiss() {
        Position first;
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 5));
            log.purge(T0.plusSeconds(1), 2, T0);
            first = log.head();
        }
        try (JdbcNotificationLog log = builder().build()) {
            assertThat(log.open()).isEqualTo(first);
            log.purge(T0.plusSeconds(1), 10, T0);
        }
        try (JdbcNotificationLog log = builder().build()) {
            assertThat(log.open()).isEqualTo(first);
        }
    }

    @Test
    void rowsMissingBelowTheHeadStartANewEpochOnce() throws Exception {
        Position before;
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 5));
            before = log.head();
        }
        execute("DELETE FROM notification_logs WHERE seq > 3");
        Position after;
        try (JdbcNotificationLog log = builder().build()) {
            after = log.open();
            assertThat(after.epoch()).isNotEqualTo(before.epoch());
            assertThat(after.seq()).isEqualTo(5);
            // nor are they in an operator's sums any more
            assertThat(log.stats(T0, T0.plusSeconds(1)).total()).isEqualTo(3);
        }
        try (JdbcNotificationLog log = builder().build()) {
            assertThat(log.open()).isEqualTo(after);
        }
    }

    @Test
    void rowsBeyondTheHeadStartANewEpochBeyondThem() throws Exception {
        Position before;
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 5));
            before = log.head();
        }
        execute("UPDATE notification_head SET seq = 2");
        try (JdbcNotificationLog log = builder().build()) {
            Position after = log.open();
            assertThat(after.epoch()).isNotEqualTo(before.epoch());
            assertThat(after.seq()).isEqualTo(5);
        }
    }

    @Test
    void anOlderCopyPutInItsPlaceStartsANewEpochOnce() throws Exception {
        Path file = directory.resolve("log.db");
        Path copy = directory.resolve("copy");
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 5));
        }
        Files.copy(file, copy);
        Position before;
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 2));
            before = log.head();
        }
        Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
        Position after;
        try (JdbcNotificationLog log = builder().build()) {
            after = log.open();
            assertThat(after.epoch()).isNotEqualTo(before.epoch());
            assertThat(after.seq()).isEqualTo(5);
        }
        try (JdbcNotificationLog log = builder().build()) {
            assertThat(log.open()).isEqualTo(after);
        }
    }

    @Test
    void aFileWithoutWhatStoodBesideItIsTakenAsItIs() throws Exception {
        Position before;
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 5));
            before = log.head();
        }
        assertThat(Files.readString(directory.resolve("log.db.head")).strip()).isEqualTo(before.toString());
        Files.delete(directory.resolve("log.db.head"));
        try (JdbcNotificationLog log = builder().build()) {
            assertThat(log.open()).isEqualTo(before);
        }
    }

    @Test
    void whatWasAcknowledgedBeyondTheHeadIsForgottenWithTheEpoch() throws Exception {
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 5));
            log.acknowledge("ann", 5, T0);
            log.acknowledge("bob", 2, T0);
        }
        // as if the file had been restored from before the last rows, but for the acknowledgement
        execute("DELETE FROM notification_logs WHERE seq > 3");
        execute("UPDATE notification_head SET seq = 3");
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.renewEpoch();
            assertThat(log.acknowledged("ann")).hasValue(3);
            assertThat(log.acknowledged("bob")).hasValue(2);
        }
    }

    @Test
    void aHostMayRunTheScriptsItself() throws Exception {
        try (JdbcNotificationLog log = builder().migrate(false).build()) {
            assertThatThrownBy(log::open)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("table notification_head: missing (expected: the scripts of"
                            + " io/notify/jdbc/migration/sqlite run, or migrate(true))");
        }
        Scripts.statements("sqlite").forEach(this::run);
        try (JdbcNotificationLog log = builder().migrate(false).build()) {
            assertThat(log.open().seq()).isZero();
        }
    }

    private void run(String script) {
        try {
            execute(script);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSchemaWithOtherTablesIsNoObstacle() throws Exception {
        execute("CREATE TABLE bookings (id INT PRIMARY KEY)");
        try (JdbcNotificationLog log = builder().build()) {
            assertThat(log.open().seq()).isZero();
        }
        assertThat(query("SELECT COUNT(*) FROM bookings")).isEqualTo("0");
    }

    @Test
    void closingGivesBackEveryThreadAndTheFile() throws Exception {
        Set<String> before = threads();
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 3));
            log.isReachable(Duration.ofSeconds(1));
            assertThat(threads()).isNotEqualTo(before);
        }
        assertThat(threads()).isSubsetOf(before);
        assertThat(directory.resolve("log.db-wal")).doesNotExist();
        try (FileChannel file = FileChannel.open(directory.resolve("log.db.head"), StandardOpenOption.WRITE)) {
            // in this JVM a file that is still locked would throw
            assertThat(file.tryLock()).isNotNull();
        }
    }

    @Test
    void aSecondLogOnTheSameFileIsRefusedOnOneLine() {
        try (JdbcNotificationLog log = builder().build();
                JdbcNotificationLog second = builder().build()) {
            log.open();
            assertThatThrownBy(second::open)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(directory.resolve("log.db.head")
                            + ": held by another process or log (expected: one log for each database file)");
            assertThat(log.append(Entries.own("ann", 1))).hasOnlyElementsOfType(Appended.Stored.class);
        }
        try (JdbcNotificationLog log = builder().build()) {
            assertThat(log.open().seq()).isEqualTo(1);
        }
    }

    @Test
    void aUrlWithoutAFileIsRefused() {
        for (String url : List.of("jdbc:sqlite:", "jdbc:sqlite::memory:", "jdbc:sqlite:a.db?mode=ro")) {
            assertThatThrownBy(() -> JdbcNotificationLog.builder().url(url).build())
                    .hasMessage("url: " + url + " (expected: jdbc:sqlite: and the path of a file, without parameters)");
        }
    }

    @Test
    void anybodyMayReadTheFileWhileTheLogIsWritten() throws Exception {
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 3));
            assertThat(query("SELECT COUNT(*) FROM notification_logs WHERE created_at < datetime('now', '+9 years')"))
                    .isEqualTo("3");
            assertThat(query("PRAGMA journal_mode")).isEqualTo("wal");
        }
    }

    @Test
    void aFileThatWasCutShortIsRefused() throws Exception {
        Path file = directory.resolve("log.db");
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 500));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(file) - 4_096);
        }
        try (JdbcNotificationLog log = builder().build()) {
            assertThatThrownBy(log::open)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("the database file: cut short or altered");
        }
    }

    @Test
    void theWriteAheadLogIsCopiedAndDoesNotGrowWithoutEnd() throws Exception {
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            for (int i = 0; i < 120; i++) {
                log.append(IntStream.range(0, 500)
                        .mapToObj(n -> Entries.own("user-" + n * 7_919 % 10_000))
                        .toList());
            }
            // 60,000 rows of some 1,500 pages a batch would be 700 MB
            await().until(() -> Files.size(directory.resolve("log.db-wal")) <= Checkpointer.MAX_WAL_BYTES * 4
                    && Files.size(directory.resolve("log.db")) > 10_000_000);
        }
    }

    @Test
    void spaceOfPurgedRowsIsGivenBack() throws Exception {
        Path file = directory.resolve("log.db");
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            for (int i = 0; i < 80; i++) {
                log.append(Entries.own("ann", 500));
            }
            while (log.purge(T0.plusSeconds(1), 2_000, T0) > 0) {
                // until none is left
            }
            for (int i = 0; i < 40; i++) {
                log.purge(T0.plusSeconds(1), 2_000, T0); // each gives back some
            }
            assertThat(Long.parseLong(query("PRAGMA page_count"))).isLessThan(4_500);
        }
        assertThat(Files.size(file)).isLessThan(20_000_000);
    }

    private static Set<String> threads() throws InterruptedException {
        Set<String> names = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("notify-log")) {
                thread.join(1_000); // one that ends is allowed to do so
            }
        }
        Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .collect(Collectors.toCollection(() -> names));
        return names;
    }

    @Test
    void readersAndOperatorsFindRowsByAnIndex() throws Exception {
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
        }
        assertThat(plan("SELECT seq FROM notification_keys WHERE (sender = 'a' AND idempotency_key = 'b')"
                        + " OR (sender = 'c' AND idempotency_key = 'd')"))
                .noneMatch(step -> step.startsWith("SCAN"));
        assertThat(plan("SELECT seq FROM notification_logs l WHERE l.user_id = '*' AND l.audience = 'everyone'"
                        + " AND l.seq > 5 ORDER BY l.seq LIMIT 9"))
                .containsExactly("SEARCH l USING COVERING INDEX notification_logs_audience (audience=? AND seq>?)");
        assertThat(
                        plan(
                                "SELECT 1 FROM notification_logs c WHERE c.audience = 'x' AND c.collapse_key = 'k' AND c.seq > 5"))
                .containsExactly("SEARCH c USING COVERING INDEX notification_logs_collapse"
                        + " (collapse_key=? AND audience=? AND seq>?)");
    }

    private List<String> plan(String sql) throws SQLException {
        List<String> steps = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
            while (rows.next()) {
                steps.add(rows.getString("detail"));
            }
        }
        return steps;
    }
}
