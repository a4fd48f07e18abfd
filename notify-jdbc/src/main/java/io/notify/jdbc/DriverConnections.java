package io.notify.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Goes on asking the driver until it gives a connection, if patient, so that the pool has one soon after the database is back:
 * Hikari's own pauses between attempts grow to 5 s.
 */
final class DriverConnections implements DataSource, AutoCloseable {
    private static final long PAUSE_MILLIS = 200;

    private final Driver driver;
    private final String url;
    private final Properties properties;
    private final boolean patient;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable SQLException lastFailure;
    private volatile int loginTimeout;

    /** @param patient whether a failed attempt is followed by another */
    DriverConnections(Driver driver, String url, Properties properties, boolean patient) {
        this.driver = driver;
        this.url = url;
        this.properties = properties;
        this.patient = patient;
    }

    /** Why there is no connection; null while there is. */
    @Nullable
    SQLException lastFailure() {
        return lastFailure;
    }

    @Override
    public Connection getConnection() throws SQLException {
        while (true) {
            try {
                Connection connection = connect();
                lastFailure = null;
                return connection;
            } catch (SQLException e) {
                lastFailure = e;
                // asking five times a second with a wrong password locks accounts
                if (!patient || Failures.isSignIn(e) || pause()) {
                    throw e;
                }
            }
        }
    }

    private Connection connect() throws SQLException {
        Connection connection = driver.connect(url, (Properties) properties.clone());
        if (connection == null) {
            throw new SQLException("the driver does not accept the URL", "08001");
        }
        return connection;
    }

    private boolean pause() {
        try {
            return closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Ends attempts under way. */
    @Override
    public void close() {
        closed.countDown();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        // drivers log by themselves
    }

    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeout = seconds; // for connecting, the connection properties say it
    }

    @Override
    public int getLoginTimeout() {
        return loginTimeout; // the pool waits so long for its adding thread when it closes
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
