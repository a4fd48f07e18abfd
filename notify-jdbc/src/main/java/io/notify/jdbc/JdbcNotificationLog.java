package io.notify.jdbc;

import io.notify.Appended;
import io.notify.DeliveryStatus;
import io.notify.HistoryQuery;
import io.notify.LogEntry;
import io.notify.LogFilter;
import io.notify.LogPage;
import io.notify.LogReader;
import io.notify.LogSlice;
import io.notify.LogStats;
import io.notify.LogStory;
import io.notify.LogStretch;
import io.notify.LogUnavailableException;
import io.notify.NotificationLog;
import io.notify.Position;
import java.sql.Driver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log in a database: H2, PostgreSQL, MariaDB or MySQL. What {@link #append} answered is committed, with the
 * {@link Durability} asked for.
 *
 * <p>Safe for many threads; every method blocks, no longer than the timeout given. {@link #logs}, {@link #stats} and
 * {@link #purge} may take ten times as long. All throw {@link LogUnavailableException} when the database cannot be reached,
 * is too slow or fails; the next call tries again.
 *
 * <p>The tables are made by {@link #open} unless {@link Builder#migrate} says otherwise; the SQL is on the class path, under
 * {@code io/notify/jdbc/migration/} followed by {@code h2}, {@code postgresql} or {@code mariadb}.
 */
public final class JdbcNotificationLog implements NotificationLog {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcNotificationLog.class);
    private static final int MAX_ERROR = 1_000;

    private final Database database;
    private final Opening opening;
    private final Appender appender;
    private final Reads reads;
    private final Stretches stretches;
    private final ReadMarks marks;
    private final Purge purge;
    private final SessionRooms rooms;
    private final Durability durability;

    /** What is known once the database has been seen; null before {@link #open}. */
    private volatile @Nullable Dialect dialect;

    private JdbcNotificationLog(Database database, Opening opening, Durability durability) {
        this.database = database;
        this.opening = opening;
        this.durability = durability;
        this.appender = new Appender(database, this::dialect, opening::witness);
        this.reads = new Reads(database, () -> dialect().userRows());
        this.stretches = new Stretches(database);
        this.marks = new ReadMarks(database, () -> dialect().userRows());
        this.purge = new Purge(database);
        this.rooms = new SessionRooms(database);
    }

    /** Starts a log: give it {@link Builder#url} or {@link Builder#dataSource}. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Finding rows beyond the head, or missing below it, it starts a new epoch: the database was altered or restored, and
     * positions that clients hold may mean something else. Beside an H2 file it keeps a small one, {@code .head}, by which it
     * knows an older copy put in its place; move or restore the two together.
     *
     * @throws LogUnavailableException if the database cannot be reached; trying again may succeed
     * @throws IllegalStateException if trying again will not help: it refuses user or password, is of an unknown kind, lacks
     *     the tables, cannot be migrated, or does not give the durability asked for
     */
    @Override
    public Position open() {
        Dialect found = opening.open();
        dialect = found;
        return head();
    }

    private Dialect dialect() {
        Dialect known = dialect;
        if (known == null) {
            throw new IllegalStateException("the log is not open (expected: open() first)");
        }
        return known;
    }

    @Override
    public List<Appended> append(List<LogEntry> batch) {
        List<Appended> answers = appendOrRenew(batch);
        seen(answers);
        if (durability == Durability.POWER) {
            database.read(handle -> {
                dialect().sync(handle);
                return true;
            });
        }
        return answers;
    }

    private List<Appended> appendOrRenew(List<LogEntry> batch) {
        try {
            return appender.append(batch);
        } catch (LostCommitsException lost) {
            LOG.warn("{}; it goes on as {}", lost.getMessage(), renewEpoch());
        }
        try {
            return appender.append(batch);
        } catch (LostCommitsException again) {
            throw new LogUnavailableException(again.getMessage() + " again", again);
        }
    }

    private void seen(List<Appended> answers) {
        for (int i = answers.size() - 1; i >= 0; i--) {
            if (answers.get(i) instanceof Appended.Stored stored) {
                opening.witness().saw(stored.position()); // the last one is the highest
                return;
            }
        }
    }

    @Override
    public Position head() {
        Position head = database.read(handle -> Head.read(handle).position());
        opening.witness().heard(head);
        return head;
    }

    @Override
    public Position renewEpoch() {
        Position renewed = database.write(handle -> {
            Head former = Head.lock(handle);
            handle.createUpdate("INSERT INTO notification_epochs (epoch, last_seq) VALUES (?, ?)")
                    .bind(0, former.epoch())
                    .bind(1, former.seq())
                    .execute();
            return opening.renewEpoch(handle).position();
        });
        opening.witness().saw(renewed);
        return renewed;
    }

    @Override
    public OptionalLong endOfEpoch(String epoch) {
        return database.read(handle -> handle.createQuery("SELECT last_seq FROM notification_epochs WHERE epoch = ?")
                .bind(0, epoch)
                .mapTo(Long.class)
                .findOne()
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty));
    }

    @Override
    public LogStretch stretch(long after, long through, int limit) {
        LogStretch stretch = stretches.read(after, through, limit);
        opening.witness().heard(stretch.head());
        return stretch;
    }

    @Override
    public LogSlice read(LogReader reader, long after, int limit, Instant now) {
        return reads.read(reader, after, limit, now);
    }

    @Override
    public long count(LogReader reader, long after, long atMost, Instant now) {
        return reads.count(reader, after, atMost, now);
    }

    @Override
    public LogSlice history(LogReader reader, HistoryQuery query, Instant now) {
        return reads.history(reader, query, now);
    }

    @Override
    public long unread(LogReader reader, Instant now) {
        return reads.unread(reader, now);
    }

    @Override
    public Optional<Instant> markRead(LogReader reader, UUID id, Instant at) {
        return marks.markRead(reader, id, at);
    }

    @Override
    public List<UUID> markAllRead(LogReader reader, Instant at) {
        return marks.markAllRead(reader, at);
    }

    @Override
    public void acknowledge(String userId, long through, Instant at) {
        database.write(handle -> {
            OptionalLong before = acknowledged(handle, userId);
            if (before.isEmpty()) {
                // two at once: the second one meets the key and is tried again
                return handle.createUpdate(
                                "INSERT INTO notification_acknowledgements (user_id, seq, acknowledged_at) VALUES (?, ?, ?)")
                        .bind(0, userId)
                        .bind(1, through)
                        .bind(2, Utc.argument(at))
                        .execute();
            }
            return handle.createUpdate("UPDATE notification_acknowledgements SET seq = :through, acknowledged_at = :at"
                            + " WHERE user_id = :user AND seq < :through")
                    .bind("through", through)
                    .bind("at", Utc.argument(at))
                    .bind("user", userId)
                    .execute();
        });
    }

    @Override
    public OptionalLong acknowledged(String userId) {
        return database.read(handle -> acknowledged(handle, userId));
    }

    private static OptionalLong acknowledged(Handle handle, String userId) {
        return handle.createQuery("SELECT seq FROM notification_acknowledgements WHERE user_id = ?")
                .bind(0, userId)
                .mapTo(Long.class)
                .findOne()
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }

    @Override
    public void recordDeliveries(List<DeliveryStatus> statuses) {
        if (statuses.isEmpty()) {
            return;
        }
        database.write(handle -> {
            String epoch = Head.read(handle).epoch();
            List<DeliveryStatus> ours = statuses.stream()
                    .filter(status -> status.position().epoch().equals(epoch))
                    // in one order with everybody else who locks several rows
                    .sorted((a, b) ->
                            Long.compare(a.position().seq(), b.position().seq()))
                    .toList();
            PreparedBatch delivered = handle.prepareBatch("""
                    UPDATE notification_logs SET delivered = TRUE, \
                    delivered_at = CASE WHEN delivered_at < :at THEN delivered_at ELSE :at END, \
                    connections = connections + :connections, error = :error WHERE seq = :seq""");
            SortedMap<Long, Instant> taken = new TreeMap<>();
            PreparedBatch failed = handle.prepareBatch("UPDATE notification_logs SET error = :error WHERE seq = :seq");
            for (DeliveryStatus status : ours) {
                String error = shortened(status.error());
                Instant at = status.deliveredAt();
                if (at != null) {
                    taken.merge(status.position().seq(), at, (a, b) -> a.isBefore(b) ? a : b);
                    delivered
                            .bind("at", Utc.argument(at))
                            .bind("connections", status.connections())
                            .bind("error", error)
                            .bind("seq", status.position().seq())
                            .add();
                } else if (error != null) {
                    failed.bind("error", error)
                            .bind("seq", status.position().seq())
                            .add();
                }
            }
            Batches.execute(delivered);
            Batches.execute(failed);
            Blocks.delivered(handle, taken);
            return ours.size();
        });
    }

    private static @Nullable String shortened(@Nullable String error) {
        return error == null || error.length() <= MAX_ERROR ? error : error.substring(0, MAX_ERROR);
    }

    @Override
    public void rememberRooms(String sessionId, Set<String> names, Instant until) {
        rooms.remember(sessionId, names, until);
    }

    @Override
    public Set<String> recallRooms(String sessionId, Instant now) {
        return rooms.recall(sessionId, now);
    }

    @Override
    public LogPage logs(LogFilter filter) {
        return new OperatorView(database).logs(dialect().userRows(), filter);
    }

    @Override
    public Optional<LogStory> story(UUID id) {
        return new Stories(database).find(id);
    }

    @Override
    public LogStats stats(Instant from, Instant to) {
        return new OperatorView(database).stats(from, to);
    }

    @Override
    public int purge(Instant before, int limit, Instant now) {
        return purge.purge(before, limit, now);
    }

    /** {@inheritDoc} After a batch that could not be written this means that one could be now. */
    @Override
    public boolean isReachable(Duration timeout) {
        return database.isReachable(timeout);
    }

    /** Closes the pool, if it is ours; a DataSource of the host stays open. Doing it again does nothing. */
    @Override
    public void close() {
        database.close();
        opening.witness().close();
    }

    /** Collects how to reach the database; not thread-safe. {@link #build} checks it all and connects to nothing. */
    public static final class Builder {
        private static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(1_500);
        private static final Duration MIN_TIMEOUT = Duration.ofMillis(500);
        private static final Duration MAX_TIMEOUT = Duration.ofMinutes(1);
        private static final int DEFAULT_POOL_SIZE = 8;
        private static final int MIN_POOL_SIZE = 2;
        private static final int MAX_POOL_SIZE = 100;

        private @Nullable String url;
        private @Nullable String user;
        private @Nullable String password;
        private @Nullable DataSource dataSource;
        private Durability durability = Durability.PROCESS;
        private Duration timeout = DEFAULT_TIMEOUT;
        private int poolSize = DEFAULT_POOL_SIZE;
        private boolean migrate = true;

        private Builder() {}

        /**
         * Where the database is.
         *
         * @param url starting with {@code jdbc:h2:}, {@code jdbc:postgresql:}, {@code jdbc:mariadb:} or {@code jdbc:mysql:};
         *     an H2 file gets {@code WRITE_DELAY=0} and {@code DB_CLOSE_ON_EXIT=FALSE} unless it says otherwise
         */
        public Builder url(String url) {
            this.url = url;
            return this;
        }

        /** Who signs in; the default is what the URL says. */
        public Builder user(String user) {
            this.user = user;
            return this;
        }

        /** The password of the user; never part of a message. */
        public Builder password(String password) {
            this.password = password;
            return this;
        }

        /**
         * Uses the host's own connections instead of a pool of ours. They are given back as they were, and the DataSource
         * is never closed. On an H2 file the host sees to {@code WRITE_DELAY=0} in its URL.
         */
        public Builder dataSource(DataSource dataSource) {
            this.dataSource = dataSource;
            return this;
        }

        /** What an answer promises; the default is {@link Durability#PROCESS}. */
        public Builder durability(Durability durability) {
            this.durability = durability;
            return this;
        }

        /**
         * How long a call may take, 500 ms to 1 minute, 1.5 s by default: a send is refused by then if the database is away.
         * Half of it is for waiting for a connection.
         */
        public Builder timeout(Duration timeout) {
            this.timeout = timeout;
            return this;
        }

        /** How many connections at most, 2 to 100, 8 by default. Made when needed, kept then. */
        public Builder poolSize(int poolSize) {
            this.poolSize = poolSize;
            return this;
        }

        /** Whether {@link JdbcNotificationLog#open} makes and updates the tables, which is the default. */
        public Builder migrate(boolean migrate) {
            this.migrate = migrate;
            return this;
        }

        /**
         * The log, not yet open. What it holds is given back by {@link JdbcNotificationLog#close}.
         *
         * @throws IllegalArgumentException on one line, if a value is missing or out of range, or the driver is
         */
        public JdbcNotificationLog build() {
            if (timeout.compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
                throw new IllegalArgumentException(
                        "timeout: " + timeout.toMillis() + " ms (expected: 500 to 60000 ms)");
            }
            if (poolSize < MIN_POOL_SIZE || poolSize > MAX_POOL_SIZE) {
                throw new IllegalArgumentException("poolSize: " + poolSize + " (expected: 2 to 100)");
            }
            if (dataSource != null) {
                if (url != null || user != null || password != null) {
                    throw new IllegalArgumentException(
                            "dataSource: given with url, user or password (expected: alone)");
                }
                Database database = new Database(dataSource, timeout);
                return new JdbcNotificationLog(
                        database, new Opening(database, dataSource, durability, migrate), durability);
            }
            return overPool();
        }

        private JdbcNotificationLog overPool() {
            if (url == null) {
                throw new IllegalArgumentException("url: missing (expected: a JDBC URL, or a dataSource)");
            }
            Dialect dialect = Dialect.ofUrl(url);
            if (dialect == null) {
                // only the start of it: what follows may be a password
                throw new IllegalArgumentException("url: " + scheme(url)
                        + " (expected: jdbc:h2:, jdbc:postgresql:, jdbc:mariadb: or jdbc:mysql:)");
            }
            Secrets secrets = new Secrets(url, password);
            String complete = H2Url.complete(url, timeout);
            Driver driver = driver(dialect.driver(url), scheme(url));
            DriverConnections connections = new DriverConnections(driver, complete, forPool(dialect), true);
            DriverConnections direct = new DriverConnections(driver, complete, forMigration(dialect), false);
            Database database = new Database(connections, poolSize, dialect, timeout, secrets);
            return new JdbcNotificationLog(database, new Opening(database, direct, durability, migrate), durability);
        }

        private Properties forPool(Dialect dialect) {
            Properties properties = signIn();
            properties.putAll(dialect.connectionProperties());
            return properties;
        }

        private Properties forMigration(Dialect dialect) {
            Properties properties = forPool(dialect);
            properties.remove("socketTimeout"); // an index may take longer to make than any statement of the pool's may
            return properties;
        }

        private Properties signIn() {
            Properties properties = new Properties();
            if (user != null) {
                properties.setProperty("user", user);
            }
            if (password != null) {
                properties.setProperty("password", password);
            }
            return properties;
        }

        private static Driver driver(String className, String scheme) {
            try {
                return Class.forName(className)
                        .asSubclass(Driver.class)
                        .getDeclaredConstructor()
                        .newInstance();
            } catch (ReflectiveOperationException | ClassCastException e) {
                throw new IllegalArgumentException(
                        "url: no driver for " + scheme + " (expected: " + className + " on the class path)", e);
            }
        }

        private static String scheme(String url) {
            String[] parts = url.split(":", 3);
            return parts.length == 3 && parts[0].equals("jdbc") && parts[1].matches("[a-z0-9-]{1,20}")
                    ? "jdbc:" + parts[1] + ":"
                    : "no known JDBC URL";
        }
    }
}
