package io.notify.benchmarks.load;

import io.notify.benchmarks.server.Scratch;
import io.notify.benchmarks.server.Server;
import io.notify.benchmarks.server.SqliteStore;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Starts the packaged server, loads it over the loopback, and prints one line for each figure; ends with 1 if anything was
 * missing, doubled, refused or cut off. Ends by itself, and its server with it.
 */
public final class LoadRun {
    private static final String OPTIONS = "notify-runner/notify.options";
    private static final String HEAP = "-Xmx2g";

    private LoadRun() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.println("LoadRun: " + Plan.USAGE);
            return;
        }
        Plan plan;
        try {
            plan = Plan.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(holds(plan) ? 0 : 1);
    }

    private static boolean holds(Plan plan) throws InterruptedException {
        ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
            Thread daemon = new Thread(work, "load-run");
            daemon.setDaemon(true);
            return daemon;
        });
        try {
            return thread.submit(() -> measure(plan)).get(plan.longest().toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            System.out.println("BROKEN: " + (e.getCause() instanceof IOException io ? io.getMessage() : e.getCause()));
        } catch (TimeoutException e) {
            System.out.println("BROKEN: not over after " + plan.longest().toSeconds() + " s");
        }
        return false;
    }

    private static boolean measure(Plan plan) throws IOException, InterruptedException {
        OpenFiles.requireRoomFor(plan.clients());
        Report report = new Report(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        List<String> jvm = jvm(plan);
        double others = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() - plan.eventLoops());
        try (Scratch scratch = Scratch.create("load");
                Server server = new Server(
                        scratch.jar(), scratch.directory("server"), new SqliteStore(scratch.directory("sqlite")))) {
            // whoever ends this process ends the server too
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            server.variable("EVENT_LOOPS", Integer.toString(plan.eventLoops()))
                    .variable("TRANSPORT", plan.network())
                    .jvm(jvm.toArray(String[]::new))
                    .start();
            try (Network network = Network.open(threads, server.port())) {
                report.figure("run", "%s", plan);
                report.figure(
                        "machine",
                        "%d cores, %s %s, JDK %s, load average before %.2f",
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        Runtime.version(),
                        others);
                report.figure(
                        "server",
                        "event loops: %d, network: %s, JVM: %s; generator threads: %d",
                        plan.eventLoops(),
                        plan.network(),
                        String.join(" ", jvm),
                        threads);
                run(new Stage(plan, server, network, new Patience(server::requireAlive), report));
            }
        }
        return report.end();
    }

    private static void run(Stage stage) throws IOException, InterruptedException {
        switch (stage.plan().measure()) {
            case BROADCAST, UNICAST, PACED -> TrafficRun.happen(stage);
            case IDLE -> IdleRun.happen(stage);
            case CONNECT -> ConnectRun.happen(stage);
        }
    }

    /** Options of the server's JVM: those that are recommended, unless others were asked for. */
    private static List<String> jvm(Plan plan) throws IOException {
        List<String> options = new ArrayList<>(List.of(HEAP));
        options.addAll(
                plan.jvm().isEmpty()
                        ? Files.readAllLines(Scratch.inRepository(OPTIONS)).stream()
                                .filter(line -> line.startsWith("-"))
                                .toList()
                        : plan.jvm());
        return options;
    }
}
