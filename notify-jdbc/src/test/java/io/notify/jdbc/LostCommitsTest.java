package io.notify.jdbc;

import io.notify.LostCommitsCheck;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that forgot what it had committed, as one restored from an older copy does. */
@Timeout(60)
class LostCommitsTest {
    @Test
    void whatCameUnderTheNumbersOfLostRowsReachesClientsThatWereShownThose() {
        JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:mem:lost;DB_CLOSE_DELAY=-1", "sa", "");
        try {
            LostCommitsCheck.run(
                    JdbcNotificationLog.builder().dataSource(pool).build(),
                    JdbcNotificationLog.builder().dataSource(pool).build(),
                    seq -> forgetBeyond(pool, seq));
        } finally {
            pool.dispose();
        }
    }

    @Test
    void aNodeThatSendsBeforeItLooksGivesNoNumberASecondMeaning() {
        JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:mem:lost-alone;DB_CLOSE_DELAY=-1", "sa", "");
        try {
            LostCommitsCheck.runAlone(
                    JdbcNotificationLog.builder().dataSource(pool).build(), seq -> forgetBeyond(pool, seq));
        } finally {
            pool.dispose();
        }
    }

    private static void forgetBeyond(JdbcConnectionPool pool, long seq) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM notification_logs WHERE seq > " + seq);
            statement.execute("UPDATE notification_head SET seq = " + seq);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
