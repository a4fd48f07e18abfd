package io.notify.jdbc;

import io.notify.LogEntry;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows as one {@code COPY … BINARY} of PostgreSQL: one statement and one pass over the table, whatever their number, where
 * {@code INSERT} is worked through row by row.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, "Binary Format"</a>
 */
final class CopiedRows {
    private static final String COPY =
            "COPY notification_logs (" + Appender.ROW_COLUMNS + ") FROM STDIN (FORMAT BINARY)";
    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final short COLUMNS = 9;
    private static final short END = -1;
    private static final int NULL = -1;
    private static final int ROW_WITHOUT_PAYLOAD = 256;
    /** PostgreSQL counts its times from here. */
    private static final long MILLIS_AT_2000 =
            Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();

    private CopiedRows() {}

    /** Whether the connection is of the driver that can do it. */
    static boolean arePossible(Connection connection) throws SQLException {
        return connection.isWrapperFor(PGConnection.class);
    }

    /** @param first the number of the first row; the others follow */
    static void insert(Connection connection, long first, List<LogEntry> entries) throws SQLException {
        byte[] rows = bytes(first, entries);
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
        try {
            copy.writeToCopy(rows, 0, rows.length);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static byte[] bytes(long first, List<LogEntry> entries) {
        int size = entries.stream()
                .mapToInt(entry -> ROW_WITHOUT_PAYLOAD + entry.payload().length)
                .sum();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(size);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(SIGNATURE);
            out.writeInt(0); // no flags
            out.writeInt(0); // no extension
            long seq = first;
            for (LogEntry entry : entries) {
                out.writeShort(COLUMNS);
                text(out, entry.id().toString());
                number(out, seq++);
                text(out, entry.userId());
                text(out, AudienceColumn.of(entry));
                text(out, entry.event());
                value(out, entry.payload());
                time(out, entry.createdAt());
                time(out, entry.expiresAt());
                text(out, entry.collapseKey());
            }
            out.writeShort(END);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing is written but to memory
        }
        return bytes.toByteArray();
    }

    private static void text(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(NULL);
        } else {
            value(out, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void value(DataOutputStream out, byte[] value) throws IOException {
        out.writeInt(value.length);
        out.write(value);
    }

    private static void number(DataOutputStream out, long number) throws IOException {
        out.writeInt(Long.BYTES);
        out.writeLong(number);
    }

    /** In microseconds. */
    private static void time(DataOutputStream out, @Nullable Instant time) throws IOException {
        if (time == null) {
            out.writeInt(NULL);
        } else {
            number(out, (Utc.millis(time) - MILLIS_AT_2000) * 1_000);
        }
    }
}
