package io.notify.runner;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What one command did, from the exit code to the last byte. */
record CommandRun(int code, String out, String err, List<String> events) {
    static final Instant NOW = Instant.parse("2026-11-24T00:00:00Z");

    /** Everything that anybody could read. */
    String output() {
        return out + err;
    }

    static CommandRun of(Path directory, Map<String, String> environment, String... arguments) {
        var events = new ArrayList<String>();
        Node.Starter starter = (configuration, keys) -> {
            events.add("started");
            return new Node() {
                @Override
                public int port() {
                    return 4711;
                }

                @Override
                public void close() {
                    events.add("closed");
                }
            };
        };
        return of(directory, environment, starter, events, arguments);
    }

    static CommandRun of(
            Path directory,
            Map<String, String> environment,
            Node.Starter starter,
            List<String> events,
            String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var lifetime = new Lifetime() {
            @Override
            public void begins(LogLevel level, LogFormat format) {
                events.add("logs " + level);
            }

            @Override
            public void awaitEndThenClose(Node node) {
                node.close();
            }
        };
        var streams = new CommandStreams(
                environment,
                directory,
                printer(out),
                printer(err),
                Clock.fixed(NOW, ZoneOffset.UTC),
                new SecureRandom());
        int code = new CommandTree(streams, starter, lifetime).run(arguments);
        return new CommandRun(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), events);
    }

    private static PrintStream printer(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
