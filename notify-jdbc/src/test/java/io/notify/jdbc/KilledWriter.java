package io.notify.jdbc;

import io.notify.Appended;
import java.io.PrintStream;
import java.util.List;

/** Appends for ever and says each position that was answered, until it is killed. */
final class KilledWriter {
    private KilledWriter() {}

    public static void main(String[] args) {
        PrintStream out = System.out;
        try (JdbcNotificationLog log = JdbcNotificationLog.builder()
                .url(args[0])
                .user("sa")
                .password("")
                .build()) {
            log.open();
            while (true) {
                List<Appended> answers = log.append(Entries.own("ann", 4));
                out.println(((Appended.Stored) answers.get(3)).position() + ".");
                out.flush();
            }
        }
    }
}
