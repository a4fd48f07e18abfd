package io.notify.jdbc;

import static io.notify.jdbc.Entries.T0;
import static org.assertj.core.api.Assertions.assertThat;

import io.notify.HistoryQuery;
import io.notify.LogFilter;
import io.notify.LogReader;
import io.notify.LogRecord;
import io.notify.LogRow;
import io.notify.LogSlice;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log of H2 over several sections of numbers, in which one user has a few rows. */
class UserRowsTest {
    private static final int ROWS = 100_000;
    /** At the edges of sections and of the log, and far apart. */
    private static final List<Long> OF_ANN =
            List.of(1L, 16_383L, 16_384L, 16_385L, 49_151L, 49_152L, 98_303L, 100_000L);

    private static final String NAME = "\u00e4nn-\ud83d\ude00";
    private static final LogReader ANN = new LogReader(NAME, Set.of("everyone"));

    @TempDir
    static Path directory;

    private static String url() {
        return "jdbc:h2:" + directory.resolve("log");
    }

    @BeforeAll
    static void fill() throws SQLException {
        try (JdbcNotificationLog log = log()) {
            log.open();
        }
        try (Connection connection = DriverManager.getConnection(url(), "sa", "");
                Statement statement = connection.createStatement();
                PreparedStatement own =
                        connection.prepareStatement("UPDATE notification_logs SET user_id = ? WHERE seq = ?")) {
            statement.execute("INSERT INTO notification_logs (id, seq, user_id, event, payload, created_at)"
                    + " SELECT RANDOM_UUID(), x, 'user' || MOD(x, 100), 'e', '{}', TIMESTAMP '2026-07-01 12:00:00'"
                    + " FROM SYSTEM_RANGE(1, " + ROWS + ")");
            statement.execute("UPDATE notification_head SET seq = " + ROWS);
            for (long seq : OF_ANN) {
                own.setString(1, NAME);
                own.setLong(2, seq);
                own.execute();
            }
        }
    }

    private static JdbcNotificationLog log() {
        return JdbcNotificationLog.builder().url(url()).user("sa").password("").build();
    }

    @Test
    void eachIsFoundOnceInTheOrderAskedFor() {
        try (JdbcNotificationLog log = log()) {
            log.open();
            for (int limit : new int[] {1, 3, 8, 9}) {
                assertThat(forward(log, limit)).as("pages of %s", limit).isEqualTo(OF_ANN);
                assertThat(backward(log, limit))
                        .as("pages of %s, newest first", limit)
                        .isEqualTo(newestFirst());
                assertThat(ofOperator(log, limit))
                        .as("pages of %s, an operator's", limit)
                        .isEqualTo(newestFirst());
            }
            assertThat(log.count(ANN, 16_384, 100, T0)).isEqualTo(5);
            assertThat(log.count(ANN, 0, 3, T0)).isEqualTo(3);
            assertThat(log.unread(ANN, T0)).isEqualTo(OF_ANN.size());
            // rows of a user who is not the reader, by their audience
            LogReader friend = new LogReader("bob", Set.of("user:" + NAME));
            assertThat(seqs(log.read(friend, 16_384, 3, T0))).containsExactly(16_385L, 49_151L, 49_152L);
            assertThat(log.markAllRead(ANN, T0)).hasSize(OF_ANN.size());
            assertThat(log.unread(ANN, T0)).isZero();
        }
    }

    @Test
    void theRowsOfOthersAreNotRead() {
        try (JdbcNotificationLog log = log()) {
            log.open();
            Jdbi.create(url(), "sa", "").useHandle(handle -> {
                UserRows.Part all = new UserRows.Part(0, ROWS);
                Query query = handle.createQuery("EXPLAIN ANALYZE SELECT l.seq FROM " + UserRows.PLACED.from("user")
                                + " WHERE l.user_id = :user AND l.seq > :after AND l.seq <= :through"
                                + " ORDER BY l.user_id, l.seq LIMIT 100")
                        .bind("user", NAME)
                        .bind("after", all.after())
                        .bind("through", all.through());
                UserRows.PLACED.bind(query, all, "user", NAME);
                String plan = query.mapTo(String.class).one();
                assertThat(Pattern.compile("scanCount: (\\d+)").matcher(plan).results())
                        .as(plan)
                        .isNotEmpty()
                        .allSatisfy(scans ->
                                assertThat(Integer.parseInt(scans.group(1))).isLessThan(50));
            });
        }
    }

    @Test
    void partsAreTheWholeRangeInTheOrderAskedFor() {
        Random random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            long after = random.nextInt(1 << random.nextInt(26));
            long through = after + random.nextInt(1 << random.nextInt(26));
            List<UserRows.Part> backward = new ArrayList<>(UserRows.growing(after, through, true));
            Collections.reverse(backward);
            assertCovered(UserRows.growing(after, through, false), after, through);
            assertCovered(backward, after, through);
        }
    }

    /** In the end there are more purged numbers than others. */
    @Test
    void numbersBelowTheFirstRowAreNotLookedThrough() {
        try (JdbcNotificationLog log = log()) {
            log.open();
            Jdbi.create(url(), "sa", "").useHandle(handle -> {
                handle.begin();
                handle.execute("DELETE FROM notification_logs WHERE seq < 40000");
                assertThat(UserRows.PLACED.parts(handle, 0, ROWS, false).get(0).after())
                        .isEqualTo(39_999);
                handle.execute("DELETE FROM notification_logs");
                assertThat(UserRows.PLACED.parts(handle, 0, ROWS, true)).isNotEmpty();
                handle.rollback();
            });
        }
    }

    private static void assertCovered(List<UserRows.Part> parts, long after, long through) {
        long next = after;
        for (UserRows.Part part : parts) {
            assertThat(part.after()).isEqualTo(next);
            assertThat(part.through()).isGreaterThanOrEqualTo(next);
            next = part.through();
        }
        assertThat(next).isEqualTo(through);
    }

    private static List<Long> newestFirst() {
        List<Long> reversed = new ArrayList<>(OF_ANN);
        Collections.reverse(reversed);
        return reversed;
    }

    private static List<Long> seqs(LogSlice slice) {
        return slice.records().stream()
                .map(LogRecord::position)
                .map(p -> p.seq())
                .toList();
    }

    private static List<Long> forward(JdbcNotificationLog log, int limit) {
        List<Long> found = new ArrayList<>();
        LogSlice slice;
        do {
            long after = found.isEmpty() ? 0 : found.get(found.size() - 1);
            slice = log.read(ANN, after, limit, T0);
            found.addAll(seqs(slice));
        } while (slice.more());
        return found;
    }

    private static List<Long> backward(JdbcNotificationLog log, int limit) {
        List<Long> found = new ArrayList<>();
        LogSlice slice;
        do {
            Long before = found.isEmpty() ? null : found.get(found.size() - 1);
            slice = log.history(ANN, new HistoryQuery(null, before, limit, false, null), T0);
            List<Long> page = new ArrayList<>(seqs(slice));
            Collections.reverse(page);
            found.addAll(page);
        } while (slice.more());
        return found;
    }

    private static List<Long> ofOperator(JdbcNotificationLog log, int limit) {
        List<Long> found = new ArrayList<>();
        Long before = null;
        do {
            var page = log.logs(new LogFilter(NAME, null, null, null, null, null, null, null, before, limit));
            page.rows().stream().map(LogRow::position).map(p -> p.seq()).forEach(found::add);
            before = page.next();
        } while (before != null);
        return found;
    }
}
