package io.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.notify.LogUnavailableException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuilderTest {
    private static final String SECRET = "s3cr3t-Pa55";

    @TempDir
    Path directory;

    @Test
    void aWrongValueIsRefusedOnOneLineThatSaysWhatIsExpected() {
        refuses(JdbcNotificationLog.builder(), "url: missing (expected: a JDBC URL, or a dataSource)");
        refuses(
                JdbcNotificationLog.builder().url("jdbc:oracle:thin:scott/" + SECRET + "@db"),
                "url: jdbc:oracle: (expected: jdbc:sqlite:, jdbc:postgresql:, jdbc:mariadb:, jdbc:mysql: or jdbc:h2:)");
        refuses(
                JdbcNotificationLog.builder().url("postgres://u:" + SECRET + "@db/x"),
                "url: no known JDBC URL (expected: jdbc:sqlite:, jdbc:postgresql:, jdbc:mariadb:, jdbc:mysql: or jdbc:h2:)");
        refuses(
                JdbcNotificationLog.builder().url("jdbc:h2:mem:x").timeout(Duration.ofMillis(499)),
                "timeout: 499 ms (expected: 500 to 60000 ms)");
        refuses(JdbcNotificationLog.builder().url("jdbc:h2:mem:x").poolSize(1), "poolSize: 1 (expected: 2 to 100)");
        refuses(
                JdbcNotificationLog.builder().url("jdbc:h2:mem:x").dataSource(new JdbcDataSource()),
                "dataSource: given with url, user or password (expected: alone)");
        refuses(
                JdbcNotificationLog.builder().url("jdbc:mysql://localhost/x"),
                "url: no driver for jdbc:mysql: (expected: com.mysql.cj.jdbc.Driver on the class path)");
    }

    private static void refuses(JdbcNotificationLog.Builder builder, String message) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void aPasswordIsInNoMessageAndNoCause() {
        try (JdbcNotificationLog log = JdbcNotificationLog.builder()
                .url("jdbc:postgresql://localhost:1/notify?password=" + SECRET + "&sslmode=" + SECRET)
                .build()) {
            assertThatThrownBy(log::open).satisfies(BuilderTest::hasNoSecret);
        }
        try (JdbcNotificationLog log = JdbcNotificationLog.builder()
                .url("jdbc:h2:" + directory.resolve("x") + ";IFEXISTS=TRUE;FOO=" + SECRET)
                .user("sa")
                .password(SECRET)
                .build()) {
            assertThatThrownBy(log::open).satisfies(BuilderTest::hasNoSecret);
            assertThatThrownBy(log::head)
                    .isInstanceOf(LogUnavailableException.class)
                    .satisfies(BuilderTest::hasNoSecret);
        }
    }

    private static void hasNoSecret(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain(SECRET);
        assertThat(failure.getMessage()).doesNotContain("\n");
    }

    @Test
    void aRefusedPasswordIsNotWorthTryingAgain() {
        String url = "jdbc:h2:" + directory.resolve("locked");
        try (JdbcNotificationLog log = JdbcNotificationLog.builder()
                .url(url)
                .user("sa")
                .password("right")
                .build()) {
            log.open();
        }
        try (JdbcNotificationLog log = JdbcNotificationLog.builder()
                .url(url)
                .user("sa")
                .password(SECRET)
                .build()) {
            assertThatThrownBy(log::open)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("user, password: refused")
                    .satisfies(BuilderTest::hasNoSecret);
        }
    }

    @Test
    void nothingIsAskedOfALogThatIsClosed() {
        JdbcNotificationLog log = JdbcNotificationLog.builder()
                .url("jdbc:sqlite:" + directory.resolve("closed"))
                .build();
        log.open();
        log.close();
        log.close();
        assertThatThrownBy(log::head).isInstanceOf(LogUnavailableException.class);
        assertThat(log.isReachable(Duration.ofSeconds(1))).isFalse();
    }
}
