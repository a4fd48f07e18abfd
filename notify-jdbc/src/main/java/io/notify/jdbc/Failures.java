package io.notify.jdbc;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells by SQLSTATE (ISO/IEC 9075-2 §24), or by SQLite's result code, what a failure means for its caller. */
final class Failures {
    /** Serialization failure and deadlock: the same transaction may succeed now. */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

    /** H2: a row changed under the statement. */
    private static final int H2_CONCURRENT_UPDATE = 90131;

    // https://www.sqlite.org/rescode.html
    private static final int SQLITE_ERROR = 1;
    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_CORRUPT = 11;
    private static final int SQLITE_TOOBIG = 18;
    private static final int SQLITE_CONSTRAINT = 19;
    private static final int SQLITE_NOTADB = 26;

    private Failures() {}

    /** The first SQLException among a failure and its causes. */
    static @Nullable SQLException sql(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    /** Whether another transaction stood in the way and the same one may be tried again. */
    static boolean isConflict(SQLException e) {
        return CONFLICTS.contains(state(e)) || e.getErrorCode() == H2_CONCURRENT_UPDATE || isSqlite(e, SQLITE_BUSY);
    }

    /** Whether a key exists already. */
    static boolean isDoubled(SQLException e) {
        return state(e).startsWith("23") || isSqlite(e, SQLITE_CONSTRAINT);
    }

    /** Whether the values are at fault: data exception, constraint, or beyond a limit of the program. */
    static boolean isBadData(SQLException e) {
        String state = state(e);
        return state.startsWith("22") || state.startsWith("54") || isDoubled(e) || isSqlite(e, SQLITE_TOOBIG);
    }

    /** Whether user or password were refused, which trying again will not mend. */
    static boolean isSignIn(SQLException e) {
        return state(e).startsWith("28");
    }

    /** Whether an SQLite file is damaged, or none. */
    static boolean isCorrupt(SQLException e) {
        return isSqlite(e, SQLITE_CORRUPT) || isSqlite(e, SQLITE_NOTADB);
    }

    /** Whether a table or column is missing. */
    static boolean isSchema(SQLException e) {
        return state(e).startsWith("42") || isSqlite(e, SQLITE_ERROR);
    }

    private static boolean isSqlite(SQLException e, int code) {
        return e.getErrorCode() == code && e.getClass().getName().startsWith("org.sqlite.");
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }
}
