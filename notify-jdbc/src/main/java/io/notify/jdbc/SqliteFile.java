package io.notify.jdbc;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteJDBCLoader;

/**
 * One SQLite database file in WAL mode: how it is opened by the one writer and by its readers. The only class, with {@link
 * Checkpointer}, that knows the driver, which a host without SQLite does not have.
 */
final class SqliteFile {
    private static final String SCHEME = "jdbc:sqlite:";
    private static final String TEMPORARY = "org.sqlite.tmpdir";

    /** KiB of pages that the writer keeps; an index of many users is written all over. */
    private static final int WRITER_CACHE = 64 * 1024;

    private static final int READER_CACHE = 8 * 1024;

    /** Virtual-machine instructions between two looks at the deadline: well under a millisecond. */
    private static final int INSTRUCTIONS = 20_000;

    private final Path path;
    private final Durability durability;
    private final Duration timeout;

    private SqliteFile(Path path, Durability durability, Duration timeout) {
        this.path = path;
        this.durability = durability;
        this.timeout = timeout;
    }

    /**
     * The file that a URL names.
     *
     * @throws IllegalArgumentException if it names none
     */
    static SqliteFile of(String url, Durability durability, Duration timeout) {
        String name = url.substring(SCHEME.length()).replaceFirst("^file:(?://(?=/))?", "");
        if (name.isEmpty() || name.startsWith(":") || name.contains("?")) {
            throw new IllegalArgumentException(
                    "url: " + url + " (expected: " + SCHEME + " and the path of a file, without parameters)");
        }
        return new SqliteFile(Path.of(name), durability, timeout);
    }

    Path path() {
        return path;
    }

    /** The file beside it that keeps the high-water mark, and the lock. */
    Path headFile() {
        return path.resolveSibling(path.getFileName() + ".head");
    }

    /**
     * Makes the directory and loads the driver's native library.
     *
     * @throws IllegalStateException if either fails
     */
    void prepare() {
        Path directory = path.toAbsolutePath().getParent();
        try {
            if (directory != null && !Files.isDirectory(directory)) {
                Files.createDirectories(directory);
            }
        } catch (FileAlreadyExistsException e) {
            throw new IllegalStateException(directory + ": not a directory (expected: one that can be written)", e);
        } catch (IOException e) {
            throw new IllegalStateException(directory + ": cannot be made (" + e + ")", e);
        }
        if (!isLoaded() && directory != null && System.getProperty(TEMPORARY) == null) {
            // the temporary directory is read-only or noexec, as in a hardened container
            System.setProperty(TEMPORARY, directory.toString());
            if (isLoaded()) {
                return;
            }
            System.clearProperty(TEMPORARY);
        }
        if (!isLoaded()) {
            throw new IllegalStateException("SQLite's native library: cannot be loaded from "
                    + System.getProperty(TEMPORARY, System.getProperty("java.io.tmpdir")) + " or " + directory
                    + " (expected: a directory that allows writing and executing, -D" + TEMPORARY + "=... names it)");
        }
    }

    @SuppressWarnings("CatchAndPrintStackTrace") // nothing is printed: what fails here is said by prepare()
    private static boolean isLoaded() {
        try {
            return SQLiteJDBCLoader.initialize();
        } catch (Exception | LinkageError e) {
            return false;
        }
    }

    /** Connections that write; each transaction takes the write lock when it begins. */
    DataSource writer() {
        return new Connections(
                SQLiteConfig.TransactionMode.IMMEDIATE,
                List.of(
                        "auto_vacuum = INCREMENTAL", // only has an effect on a new file
                        "journal_mode = WAL",
                        "synchronous = " + (durability == Durability.POWER ? "FULL" : "NORMAL"),
                        "wal_autocheckpoint = 0", // the Checkpointer's work
                        "journal_size_limit = " + Checkpointer.MAX_WAL_BYTES,
                        "temp_store = MEMORY",
                        "cache_size = -" + WRITER_CACHE));
    }

    /** Connections for migrations, which open several at once. */
    DataSource migrator() {
        return new Connections(
                SQLiteConfig.TransactionMode.DEFERRED, List.of("auto_vacuum = INCREMENTAL", "journal_mode = WAL"));
    }

    /** Connections that can only read. */
    DataSource reader() {
        return new Connections(
                SQLiteConfig.TransactionMode.DEFERRED,
                List.of("query_only = TRUE", "temp_store = MEMORY", "cache_size = -" + READER_CACHE));
    }

    /** Ends statements of a connection once a deadline is over, until {@link #unlimit}. */
    static void limit(Connection connection, CallDeadline deadline) throws SQLException {
        ProgressHandler.setHandler(connection.unwrap(SQLiteConnection.class), INSTRUCTIONS, new ProgressHandler() {
            @Override
            protected int progress() {
                return deadline.isOver() ? 1 : 0;
            }
        });
    }

    static void unlimit(Connection connection) throws SQLException {
        ProgressHandler.clearHandler(connection.unwrap(SQLiteConnection.class));
    }

    /** Opens the file with pragmas in the order given, which matters for a new one. */
    private final class Connections extends SQLiteDataSource {
        private final List<String> pragmas;

        Connections(SQLiteConfig.TransactionMode mode, List<String> pragmas) {
            super(config(mode, timeout));
            setUrl(SCHEME + path);
            this.pragmas = new ArrayList<>(pragmas);
        }

        private static SQLiteConfig config(SQLiteConfig.TransactionMode mode, Duration timeout) {
            SQLiteConfig config = new SQLiteConfig();
            config.setTransactionMode(mode);
            config.setBusyTimeout((int) timeout.toMillis());
            return config;
        }

        @Override
        public SQLiteConnection getConnection(String user, String password) throws SQLException {
            SQLiteConnection connection = super.getConnection(user, password);
            try (Statement statement = connection.createStatement()) {
                for (String pragma : pragmas) {
                    statement.execute("PRAGMA " + pragma);
                }
                return connection;
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }
    }
}
