package io.notify.jdbc;

import io.notify.NotificationLog;
import io.notify.PhantomCheck;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commits that fail: before they are done, and after, when only the answer is lost. */
@Timeout(60)
class FailingCommitsTest {
    @TempDir
    Path directory;

    @Test
    void nothingIsDeliveredThatWasNotCommittedAndWhatWasIsDeliveredOnce() {
        JdbcConnectionPool pool =
                JdbcConnectionPool.create("jdbc:h2:file:" + directory.resolve("n") + ";WRITE_DELAY=0", "sa", "");
        try {
            FailingCommits commits = new FailingCommits();
            NotificationLog log =
                    JdbcNotificationLog.builder().dataSource(commits.over(pool)).build();
            PhantomCheck.run(log, () -> commits.failing = true, () -> commits.failing = false);
        } finally {
            pool.dispose();
        }
    }

    private static final class FailingCommits {
        private final Random random = new Random(5);
        private volatile boolean failing;

        DataSource over(DataSource real) {
            return proxy(
                    DataSource.class,
                    real,
                    "getConnection",
                    connection -> proxy(Connection.class, (Connection) connection, "commit", done -> done));
        }

        private interface After {
            Object answer(Object result) throws SQLException;
        }

        private <T> T proxy(Class<T> type, T real, String watched, After after) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
                        boolean commit = method.getName().equals("commit");
                        int fate = commit && failing ? random.nextInt(6) : 2;
                        if (fate == 0) {
                            throw new SQLException("the commit was not done, on purpose", "08006");
                        }
                        Object result;
                        try {
                            result = method.invoke(real, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                        if (fate == 1) {
                            throw new SQLException("the commit's answer was lost, on purpose", "08006");
                        }
                        return method.getName().equals(watched) ? after.answer(result) : result;
                    }));
        }
    }
}
