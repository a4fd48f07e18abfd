package io.notify.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.notify.LogUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/**
 * Every call ends within its time, with its result or an exception of ours, and leaves its connection as it found it.
 *
 * <p>Safe for many threads.
 */
final class Database implements AutoCloseable {
    /** Of a call's time, what waiting for a connection may take; the rest is for its statements. */
    private static final int SHARE_FOR_CONNECTION = 2;

    /** Hikari accepts no less. */
    private static final long MIN_WAIT_MILLIS = 250;

    /** How much longer than a send an operator's search may take. */
    private static final int PATIENCE = 10;

    private static final int MAX_ATTEMPTS = 8;
    /** How long a failed batch counts for: on a full disk the small write that asks would succeed where a batch does not. */
    private static final long RED_NANOS = Duration.ofSeconds(1).toNanos();

    private static final Duration A_DAY = Duration.ofDays(1);

    private final DataSource dataSource;
    private final @Nullable HikariDataSource pool; // null if the DataSource is the host's
    private final @Nullable HikariDataSource writerPool; // of SQLite's one writer connection; null for other databases
    private final @Nullable DriverConnections connections; // beneath the pool
    private final Jdbi jdbi;
    private final Jdbi writers; // the same as jdbi but for SQLite
    private final Duration timeout;
    private final Secrets secrets;
    private final Object probeLock = new Object();
    private @Nullable FutureTask<Boolean> probe; // guarded by probeLock
    /** Whether the last batch could not be written: a full disk still gives connections. */
    private volatile boolean writeFailed;

    private volatile long writeFailedAt;

    private volatile QueryTimeout queryTimeout = QueryTimeout.STATEMENT;

    /** Uses the host's DataSource and never closes it. */
    Database(DataSource hosts, Duration timeout) {
        this.dataSource = hosts;
        this.pool = null;
        this.writerPool = null;
        this.connections = null;
        this.jdbi = jdbi(hosts);
        this.writers = jdbi;
        this.timeout = timeout;
        this.secrets = new Secrets("", null);
    }

    /** Makes a pool over a server's connections, without connecting yet. */
    Database(DriverConnections connections, int poolSize, Dialect dialect, Duration timeout, Secrets secrets) {
        queryTimeout = dialect.queryTimeout(true);
        HikariConfig config = poolOf(connections, "notify-log", poolSize, timeout);
        config.setMinimumIdle(1);
        config.setInitializationFailTimeout(-1);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        if (queryTimeout == QueryTimeout.SERVER) {
            config.setConnectionInitSql(serverTimeout(timeout) + "; " + idleTimeout(timeout));
        }
        this.connections = connections;
        this.pool = new HikariDataSource(config);
        this.writerPool = null;
        this.dataSource = pool;
        this.jdbi = jdbi(pool);
        this.writers = jdbi;
        this.timeout = timeout;
        this.secrets = secrets;
        use(dialect);
    }

    /** Makes a pool of readers and one writer connection over an SQLite file, without opening it yet. */
    Database(SqliteFile file, int poolSize, Duration timeout) {
        this.connections = null;
        this.pool = new HikariDataSource(embedded(file.reader(), "notify-log-readers", poolSize, timeout));
        this.writerPool = new HikariDataSource(embedded(file.writer(), "notify-log-writer", 1, timeout));
        this.dataSource = pool;
        this.jdbi = jdbi(pool);
        this.writers = jdbi(writerPool);
        this.timeout = timeout;
        this.secrets = new Secrets("", null);
        use(Dialect.SQLITE);
    }

    private static HikariConfig poolOf(DataSource connections, String name, int size, Duration timeout) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(connections);
        config.setMaximumPoolSize(size);
        config.setIdleTimeout(0);
        config.setConnectionTimeout(Math.max(MIN_WAIT_MILLIS, timeout.toMillis() / SHARE_FOR_CONNECTION));
        config.setValidationTimeout(MIN_WAIT_MILLIS);
        return config;
    }

    private static HikariConfig embedded(DataSource connections, String name, int size, Duration timeout) {
        HikariConfig config = poolOf(connections, name, size, timeout);
        config.setMinimumIdle(0); // none before the file has been locked
        config.setInitializationFailTimeout(-1);
        config.setMaxLifetime(0); // no network or server that would end them
        return config;
    }

    private static Jdbi jdbi(DataSource dataSource) {
        Jdbi jdbi = Jdbi.create(dataSource);
        // its default puts the arguments, people's notifications, into messages
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(StatementExceptions.MessageRendering.NONE);
        return jdbi;
    }

    Secrets secrets() {
        return secrets;
    }

    /** Says which database it is, before anything but {@link #awaitConnection}. */
    void use(Dialect dialect) {
        queryTimeout = dialect.queryTimeout(pool != null);
        for (Jdbi each : List.of(jdbi, writers)) {
            each.registerArgument(new InstantArguments(dialect));
        }
    }

    /** Binds instants the way the database stores times. */
    private static final class InstantArguments extends AbstractArgumentFactory<Instant> {
        private final Dialect dialect;

        InstantArguments(Dialect dialect) {
            super(Types.TIMESTAMP);
            this.dialect = dialect;
        }

        @Override
        protected Argument build(Instant value, ConfigRegistry config) {
            return (parameter, statement, context) -> dialect.bindTime(statement, parameter, value);
        }
    }

    /**
     * A statement's time is shorter than what the driver waits, so that the server says why and the connection stays. The
     * transaction's, from PostgreSQL 17 on, also ends one whose next statement has come by half.
     */
    private static String serverTimeout(Duration allowed) {
        return "SET statement_timeout = " + allowed.toMillis() * 2 / 3 + "; SELECT set_config(name, '"
                + allowed.toMillis() + "', false) FROM pg_settings WHERE name = 'transaction_timeout'";
    }

    /**
     * Fences a node that was stopped amid a transaction: the server rolls it back, so that the head's lock is free for the
     * others, and what the node would still do on waking fails.
     */
    private static String idleTimeout(Duration allowed) {
        return "SET idle_in_transaction_session_timeout = " + allowed.toMillis();
    }

    /** Waits for the first connection, ten times as long as for any later one: a cold JVM or a big file takes its time. */
    void awaitConnection() {
        for (int attempt = 1; ; attempt++) {
            try {
                read(handle -> true);
                return;
            } catch (LogUnavailableException e) {
                if (attempt == PATIENCE) {
                    throw e;
                }
            }
        }
    }

    /** Runs statements that each commit by themselves. */
    <T> T read(Function<Handle, T> work) {
        return answer(jdbi, timeout, work);
    }

    /** Runs statements that each commit by themselves and may take ten times as long. */
    <T> T readPatiently(Function<Handle, T> work) {
        return answer(jdbi, patience(), handle -> patiently(handle, work));
    }

    /**
     * Runs statements that each commit by themselves, where nothing else is written meanwhile on SQLite, and may take ten times
     * as long.
     */
    <T> T writeAlone(Function<Handle, T> work) {
        return answer(writers, patience(), handle -> patiently(handle, work));
    }

    /** Runs one transaction; again if it met another one, which {@code work} must bear. */
    <T> T write(Function<Handle, T> work) {
        return answer(writers, timeout, handle -> transaction(handle, work));
    }

    /** Like {@link #write}, but may take ten times as long. */
    <T> T writePatiently(Function<Handle, T> work) {
        return answer(writers, patience(), handle -> patiently(handle, inside -> transaction(inside, work)));
    }

    /** Like {@link #write}, without a limit that would matter: for what an operator waits for. */
    <T> T writeForLong(Function<Handle, T> work) {
        return answer(writers, A_DAY, handle -> patiently(handle, inside -> transaction(inside, work)));
    }

    private Duration patience() {
        return timeout.multipliedBy(PATIENCE);
    }

    private <T> T patiently(Handle handle, Function<Handle, T> work) {
        if (pool == null || queryTimeout != QueryTimeout.SERVER) {
            return work.apply(handle);
        }
        handle.execute(serverTimeout(patience()));
        try {
            return work.apply(handle);
        } finally {
            Connection connection = handle.getConnection();
            try (Statement statement = connection.createStatement()) {
                statement.execute(serverTimeout(timeout));
            } catch (SQLException e) {
                pool.evictConnection(connection); // broken, or it would keep the longer one
            }
        }
    }

    /**
     * Runs one transaction that may carry bad values.
     *
     * @throws BadDataException if it does; nothing was changed
     */
    <T> T tryWrite(Function<Handle, T> work) throws BadDataException {
        CallDeadline deadline = deadline(timeout);
        while (true) {
            try {
                T result = once(writers, deadline, handle -> transaction(handle, work));
                writeFailed = false;
                return result;
            } catch (JdbiException e) {
                SQLException sql = Failures.sql(e);
                if (sql != null && Failures.isBadData(sql)) {
                    throw new BadDataException(secrets.clean(sql.getMessage()));
                }
                if (sql == null || !Failures.isConflict(sql) || deadline.isOver()) {
                    writeFailedAt = System.nanoTime();
                    writeFailed = true;
                    throw failed(e);
                }
            }
        }
    }

    private <T> T answer(Jdbi from, Duration allowed, Function<Handle, T> work) {
        CallDeadline deadline = deadline(allowed);
        for (int attempt = 1; ; attempt++) {
            try {
                return once(from, deadline, work);
            } catch (JdbiException e) {
                SQLException sql = Failures.sql(e);
                boolean met = sql != null && (Failures.isConflict(sql) || Failures.isDoubled(sql));
                if (!met || attempt == MAX_ATTEMPTS || deadline.isOver()) {
                    throw failed(e);
                }
            }
        }
    }

    private <T> T transaction(Handle handle, Function<Handle, T> work) {
        if (pool != null) {
            return handle.inTransaction(work::apply); // its connections have the level already
        }
        // a lookup after taking the head's lock must see what was committed while waiting for it
        return handle.inTransaction(TransactionIsolationLevel.READ_COMMITTED, work::apply);
    }

    private CallDeadline deadline(Duration allowed) {
        return new CallDeadline(allowed, queryTimeout);
    }

    private <T> T once(Jdbi from, CallDeadline deadline, Function<Handle, T> work) {
        try (Handle handle = from.open()) {
            Connection connection = handle.getConnection();
            int before = pool == null ? networkTimeout(connection) : 0;
            handle.getConfig(SqlStatements.class).addCustomizer(deadline);
            limit(connection, deadline);
            try {
                return work.apply(handle);
            } finally {
                restore(connection, before);
            }
        }
    }

    private static int networkTimeout(Connection connection) {
        try {
            return connection.getNetworkTimeout();
        } catch (SQLException e) {
            throw new JdbiSqlException(e);
        }
    }

    private void limit(Connection connection, CallDeadline deadline) {
        if (queryTimeout == QueryTimeout.PROGRESS) {
            try {
                SqliteFile.limit(connection, deadline);
            } catch (SQLException e) {
                throw new JdbiSqlException(e);
            }
        }
    }

    /** Gives the connection back as it was. */
    private void restore(Connection connection, int networkTimeout) {
        try {
            if (connection.isClosed()) {
                return;
            }
            if (queryTimeout == QueryTimeout.PROGRESS) {
                SqliteFile.unlimit(connection);
            } else if (pool == null) {
                CallDeadline.setNetworkTimeout(connection, networkTimeout);
            }
            if (queryTimeout == QueryTimeout.SESSION) {
                try (Statement statement = connection.createStatement()) {
                    statement.setQueryTimeout(0);
                }
            }
        } catch (SQLException e) {
            throw new JdbiSqlException(e);
        }
    }

    /** Carries an SQLException of ours the way Jdbi carries its own. */
    static final class JdbiSqlException extends JdbiException {
        private static final long serialVersionUID = 1L;

        JdbiSqlException(SQLException cause) {
            super(cause);
        }
    }

    private RuntimeException failed(JdbiException failure) {
        SQLException sql = Failures.sql(failure);
        return sql == null ? failure : unavailable(failure, sql); // without one it is a mistake of ours
    }

    private LogUnavailableException unavailable(JdbiException failure, SQLException sql) {
        SQLException beneath = connections == null ? null : connections.lastFailure();
        // a pool that waited in vain only says that it did
        SQLException reason = beneath != null ? beneath : sql;
        return new LogUnavailableException(
                "the database does not take or answer it now: " + secrets.clean(reason.getMessage()),
                secrets.clean(failure));
    }

    /** Asks on a thread of its own, since a driver may take longer than allowed; never more than one at a time. */
    boolean isReachable(Duration within) {
        FutureTask<Boolean> asked;
        synchronized (probeLock) {
            asked = probe;
            if (asked == null || asked.isDone()) {
                asked = new FutureTask<>(this::ask);
                probe = asked;
                Thread thread = new Thread(asked, "notify-log-probe");
                thread.setDaemon(true);
                thread.start();
            }
        }
        try {
            return asked.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean ask() {
        try (Connection connection = dataSource.getConnection()) {
            if (!connection.isValid(1)) {
                return false;
            }
        } catch (SQLException e) {
            return false;
        }
        return !writeFailed || (System.nanoTime() - writeFailedAt > RED_NANOS && canWrite());
    }

    private boolean canWrite() {
        try {
            write(handle -> Head.lock(handle));
            writeFailed = false;
            return true;
        } catch (LogUnavailableException e) {
            return false;
        }
    }

    @Override
    public void close() {
        if (connections != null) {
            connections.close();
        }
        if (pool != null) {
            pool.close();
        }
        if (writerPool != null) {
            writerPool.close();
        }
    }
}
