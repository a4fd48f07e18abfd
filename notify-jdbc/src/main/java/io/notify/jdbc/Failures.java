package io.notify.jdbc;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells by SQLSTATE (ISO/IEC 9075-2 §24) and vendor code what a failure means for the one who caused it. */
final class Failures {
    /** Serialization failure and deadlock: the same transaction may succeed now. */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

    /** H2: a row changed under the statement. */
    private static final int H2_CONCURRENT_UPDATE = 90131;

    /**
     * H2: the database is closed or about to be, for want of space or by an I/O error: GENERAL_ERROR_1 (its store says
     * so), IO_EXCEPTION_1 and _2, FILE_CORRUPTED_1, DATABASE_IS_CLOSED, DATABASE_CALLED_AT_SHUTDOWN, OBJECT_CLOSED.
     */
    private static final Set<Integer> H2_BROKEN = Set.of(50000, 90028, 90031, 90030, 90098, 90121, 90007);

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
        return CONFLICTS.contains(state(e)) || e.getErrorCode() == H2_CONCURRENT_UPDATE;
    }

    /** Whether a key exists already. */
    static boolean isDoubled(SQLException e) {
        return state(e).startsWith("23");
    }

    /** Whether the values are at fault: data exception, constraint, or beyond a limit of the program. */
    static boolean isBadData(SQLException e) {
        String state = state(e);
        return state.startsWith("22") || state.startsWith("23") || state.startsWith("54");
    }

    /** Whether user or password were refused, which trying again will not mend. */
    static boolean isSignIn(SQLException e) {
        return state(e).startsWith("28");
    }

    /** Whether a table or column is missing. */
    static boolean isSchema(SQLException e) {
        return state(e).startsWith("42");
    }

    static boolean isH2Broken(SQLException e) {
        return e.getClass().getName().startsWith("org.h2.") && H2_BROKEN.contains(e.getErrorCode());
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }
}
