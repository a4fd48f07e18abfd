package io.notify.benchmarks.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What was asked for, checked.
 *
 * @param seconds measured
 * @param warm seconds of the same load before
 * @param window notes under way at a time, or senders of paced ones
 * @param perSecond paced notes a second
 * @param storms how often all come in
 * @param resume with a cursor, to which nothing has come since
 * @param network what the server asks its operating system with: {@code TRANSPORT}
 * @param eventLoops of the server
 * @param jvm options of the server's JVM besides its heap; empty for those of {@code notify.options}
 */
record Plan(
        Measure measure,
        Wire wire,
        int clients,
        int seconds,
        int warm,
        int window,
        int perSecond,
        boolean durable,
        int storms,
        boolean resume,
        String network,
        int eventLoops,
        List<String> jvm) {
    static final String USAGE = """
            broadcast | unicast | paced | idle | connect, then as needed
              --transport=socketio     or websocket (plain), sse
              --clients=1000
              --seconds=10             measured
              --warm=30                seconds of the same load before; a JVM is not itself earlier
              --window=1               notes under way at a time; 64 for unicast; 8 senders for paced
              --rate=20                paced notes a second
              --durable                notes are stored before they are delivered; else they are volatile
              --storms=5               how often all connect, for connect
              --resume                 they show a position, as clients do that come back
              --network=auto           the server's TRANSPORT: or epoll, io_uring, nio
              --event-loops=N          the server's; by default half of the cores
              --jvm=-Xmn64m,...        the server's options instead of those of notify.options""";

    private static final int MOST_CLIENTS = 1_000_000;
    private static final int MOST_SECONDS = 3_600;

    static Plan parse(String... arguments) {
        CommandLine line = new CommandLine(arguments);
        Measure measure = line.word(Measure.class);
        int window = switch (measure) {
            case UNICAST -> 64;
            case PACED -> 8;
            default -> 1;
        };
        String jvm = line.text("jvm", "");
        Plan plan = new Plan(
                measure,
                line.constant("transport", Wire.SOCKETIO),
                line.integer("clients", 1_000, 1, MOST_CLIENTS),
                line.integer("seconds", 10, 1, MOST_SECONDS),
                line.integer("warm", 30, 0, MOST_SECONDS),
                line.integer("window", window, 1, 1_000),
                line.integer("rate", 20, 1, 1_000),
                line.flag("durable"),
                line.integer("storms", 5, 1, 1_000),
                line.flag("resume"),
                line.text("network", "auto"),
                line.integer("event-loops", Math.max(1, Runtime.getRuntime().availableProcessors() / 2), 1, 256),
                jvm.isEmpty() ? List.of() : Arrays.asList(jvm.split(",")));
        line.end();
        return plan;
    }

    /** What is sent; nobody starts it where nothing is. */
    Traffic traffic() {
        return new Traffic(
                measure != Measure.UNICAST, clients, window, measure == Measure.PACED ? perSecond : 0, durable);
    }

    /** After so long something hangs. */
    Duration longest() {
        return Duration.ofMinutes(5).plusSeconds(warm + (long) seconds + 30L * storms);
    }

    /** One line that says it all. */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        words.add(measure.name().toLowerCase(Locale.ROOT));
        words.add(clients + " clients over " + wire.name().toLowerCase(Locale.ROOT));
        switch (measure) {
            case BROADCAST, UNICAST -> words.add(window + " under way");
            case PACED -> words.add(perSecond + " a second");
            case CONNECT -> words.add(storms + " storms" + (resume ? " of clients that come back" : ""));
            case IDLE -> words.add(seconds + " s");
        }
        if (measure != Measure.CONNECT && measure != Measure.IDLE) {
            words.add(durable ? "durable" : "volatile");
            words.add(seconds + " s after " + warm + " s of load");
        }
        return String.join(", ", words);
    }
}
