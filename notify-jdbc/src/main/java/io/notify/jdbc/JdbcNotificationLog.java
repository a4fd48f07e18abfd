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
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log in a database: SQLite, PostgreSQL, MariaDB, MySQL or H2. An entry that {@link #append} answered for is committed, with
 * the {@link Durability} asked for.
 *
 * <p>Safe for many threads; every method blocks, no longer than the timeout given. {@link #logs}, {@link #stats} and
 * {@link #purge} may take ten times as long. All throw {@link LogUnavailableException} when the database cannot be reached,
 * is too slow or fails; the next call tries again.
 *
 * <p>The tables are made by {@link #open} unless {@link Builder#migrate} says otherwise; the SQL is on the class path, under
 * {@code io/notify/jdbc/migration/} followed by {@code sqlite}, {@code postgresql}, {@code mariadb} or {@code h2}.
 */
public final class JdbcNotificationLog implements NotificationLog {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcNotificationLog.class);

    private final Database database;
    private final Opening opening;
    private final Appender appender;
    private final Reads reads;
    private final NodeRows nodeRows;
    private final ReadMarks marks;
    private final Purge purge;
    private final SessionRooms rooms;
    private final Acknowledgements acknowledgements;
    private final DeliveryReports deliveryReports;
    private final OperatorRows operatorRows;
    private final Stories stories;

    /** What is known once the database has been seen; null before {@link #open}. */
    private volatile @Nullable Dialect dialect;

    private JdbcNotificationLog(Database database, Opening opening) {
        this.database = database;
        this.opening = opening;
        this.appender = new Appender(database, this::dialect, opening::knownHead);
        this.reads = new Reads(database);
        this.nodeRows = new NodeRows(database);
        this.marks = new ReadMarks(database);
        this.acknowledgements = new Acknowledgements(database);
        this.deliveryReports = new DeliveryReports(database);
        this.operatorRows = new OperatorRows(database);
        this.stories = new Stories(database);
        this.purge = new Purge(database, this::dialect);
        this.rooms = new SessionRooms(database);
    }

    /** Starts a log: give it {@link Builder#url} or {@link Builder#dataSource}. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@inheritDoc}
     *
     * <p>If it finds rows beyond the head, or rows missing below it, it starts a new epoch: the database was altered or
     * restored, and positions that clients hold may mean something else. Beside an SQLite file it keeps a small one, whose name
     * ends in {@code .head}. It tells an older copy put in the database's place, and its lock keeps a second process out.
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

    Database database() {
        return database;
    }

    /** Takes over the end of another log whose rows were copied into this one. */
    void adopt(Head head) {
        database.write(handle -> {
            handle.createUpdate("UPDATE notification_head SET epoch = ?, seq = ?, purged_through = ? WHERE id = 1")
                    .bind(0, head.epoch())
                    .bind(1, head.seq())
                    .bind(2, head.purgedThrough())
                    .execute();
            return true;
        });
        opening.knownHead().raise(head.position());
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
        for (int i = answers.size() - 1; i >= 0; i--) {
            if (answers.get(i) instanceof Appended.Stored stored) {
                opening.knownHead().raise(stored.position()); // the last one is the highest
                break;
            }
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

    @Override
    public Position head() {
        Position head = database.read(handle -> Head.read(handle).position());
        opening.knownHead().observe(head);
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
        opening.knownHead().raise(renewed);
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
        LogStretch stretch = nodeRows.read(after, through, limit);
        opening.knownHead().observe(stretch.head());
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
        acknowledgements.acknowledge(userId, through, at);
    }

    @Override
    public OptionalLong acknowledged(String userId) {
        return acknowledgements.find(userId);
    }

    @Override
    public void recordDeliveries(List<DeliveryStatus> statuses) {
        deliveryReports.write(statuses, dialect());
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
        return operatorRows.page(filter);
    }

    @Override
    public Optional<LogStory> story(UUID id) {
        return stories.find(id);
    }

    @Override
    public LogStats stats(Instant from, Instant to) {
        return database.readPatiently(handle -> Rollup.stats(handle, from, to));
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
        opening.close();
        database.close();
        opening.unlock();
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
         * @param url {@code jdbc:sqlite:} and the path of a file, which is made if absent, or a URL that starts with {@code
         *     jdbc:postgresql:}, {@code jdbc:mariadb:}, {@code jdbc:mysql:} or {@code jdbc:h2:}. H2 is meant for tests: it loses
         *     commits with the process unless its URL says {@code WRITE_DELAY=0}
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
         * is never closed. SQLite takes a URL instead: it has one connection that writes, which must be the log's.
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
                return new JdbcNotificationLog(database, new Opening(database, dataSource, null, durability, migrate));
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
                        + " (expected: jdbc:sqlite:, jdbc:postgresql:, jdbc:mariadb:, jdbc:mysql: or jdbc:h2:)");
            }
            Driver driver = driver(dialect.driver(url), scheme(url));
            if (dialect == Dialect.SQLITE) {
                SqliteFile file = SqliteFile.of(url, durability, timeout);
                Database database = new Database(file, poolSize, timeout);
                return new JdbcNotificationLog(
                        database, new Opening(database, file.migrator(), file, durability, migrate));
            }
            Secrets secrets = new Secrets(url, password);
            DriverConnections connections = new DriverConnections(driver, url, forPool(dialect), true);
            DriverConnections direct = new DriverConnections(driver, url, forMigration(dialect), false);
            Database database = new Database(connections, poolSize, dialect, timeout, secrets);
            return new JdbcNotificationLog(database, new Opening(database, direct, null, durability, migrate));
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

        static Driver driver(String className, String scheme) {
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

        static String scheme(String url) {
            String[] parts = url.split(":", 3);
            return parts.length == 3 && parts[0].equals("jdbc") && parts[1].matches("[a-z0-9-]{1,20}")
                    ? "jdbc:" + parts[1] + ":"
                    : "no known JDBC URL";
        }
    }
}
