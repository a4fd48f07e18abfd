package io.notify.jdbc;

import io.notify.Appended;
import io.notify.LogUnavailableException;
import java.io.PrintStream;
import java.util.List;

/** Appends for ever and says each position that was answered, until it is killed. */
final class KilledWriter {
    private KilledWriter() {}

    public static void main(String[] args) {
        PrintStream out = System.out;
        try (JdbcNotificationLog log =
                JdbcNotificationLog.builder().url(args[0]).build()) {
            log.open();
            while (true) {
                append(log, out);
            }
        }
    }

    private static void append(JdbcNotificationLog log, PrintStream out) {
        try {
            List<Appended> answers = log.append(Entries.own("ann", 4));
            out.println(((Appended.Stored) answers.get(3)).position() + ".");
            out.flush();
        } catch (LogUnavailableException e) {
            // a machine too busy for the time limit: what was not answered may be there or not
        }
    }
}
