package io.notify.benchmarks.load;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** As many files as the system lets a process open: each connection is one, at both ends. */
final class OpenFiles {
    /** For jars, the log, the senders. */
    private static final long OTHERS = 1_500;

    private OpenFiles() {}

    /** @throws IOException if so many clients have no room */
    static void requireRoomFor(int clients) throws IOException {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            long room = unix.getMaxFileDescriptorCount() - OTHERS;
            if (clients > room) {
                throw new IOException("--clients: " + clients + " (expected: at most " + room
                        + ", as a process may open " + unix.getMaxFileDescriptorCount() + " files; see ulimit -Hn)");
            }
        }
    }
}
