package io.notify.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;

/**
 * Gives each statement of one call what is left of the call's time: the server stops working on it, and if the network is
 * silent the driver stops waiting for it.
 */
final class CallDeadline implements StatementCustomizer {
    private final long end;
    private final QueryTimeout queryTimeout;
    private int sessionSeconds;

    CallDeadline(Duration allowed, QueryTimeout queryTimeout) {
        this.end = System.nanoTime() + allowed.toNanos();
        this.queryTimeout = queryTimeout;
    }

    @Override
    public void beforeExecution(PreparedStatement statement, StatementContext context) throws SQLException {
        bind(statement);
    }

    void bind(Statement statement) throws SQLException {
        int millis = millisLeft();
        if (millis <= 0) {
            throw new SQLTimeoutException("no time left for another statement", "57014");
        }
        if (queryTimeout == QueryTimeout.PROGRESS) {
            return; // the database asks isOver() by itself
        }
        // JDBC counts in seconds; rounded down, since the network timeout ends what is left
        int seconds = Math.max(1, millis / 1000);
        if (queryTimeout == QueryTimeout.STATEMENT
                || (queryTimeout == QueryTimeout.SESSION && seconds != sessionSeconds)) {
            statement.setQueryTimeout(seconds);
            sessionSeconds = seconds;
        }
        setNetworkTimeout(statement.getConnection(), millis);
    }

    boolean isOver() {
        return millisLeft() <= 0;
    }

    static void setNetworkTimeout(Connection connection, int millis) throws SQLException {
        // drivers that use the executor at all only set the socket's option in it
        connection.setNetworkTimeout(Runnable::run, millis);
    }

    private int millisLeft() {
        return (int) TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
}
