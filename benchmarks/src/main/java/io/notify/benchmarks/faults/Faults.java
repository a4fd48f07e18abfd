package io.notify.benchmarks.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Runs faults by name and prints one line for each run; ends with 1 if something did not hold. */
public final class Faults {
    private static final Map<String, Fault> ALL = all();
    private static final String JAR = "notify-runner/target/notify-runner.jar";

    private Faults() {}

    private static Map<String, Fault> all() {
        Map<String, Fault> faults = new LinkedHashMap<>();
        faults.put("F1", new KilledUnderLoad());
        faults.put("F2", new DatabaseAway());
        faults.put("F4", new SlowReader());
        faults.put("F5", new ConnectStorm());
        faults.put("F6", new ClockJump());
        faults.put("F7", new DiskFull());
        faults.put("F9", new Churn());
        faults.put("F10", new VanishedPeer());
        faults.put("F11", new DrainedServer());
        faults.put("F12", new SmallHeap());
        faults.put("F13", new Stopped());
        faults.put("F14", new AlteredFile());
        return faults;
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = new LinkedHashMap<>();
        String name = "";
        for (String argument : arguments) {
            if (argument.startsWith("--")) {
                String[] parts = argument.substring(2).split("=", 2);
                options.put(parts[0], parts.length == 2 ? parts[1] : "");
            } else {
                name = argument;
            }
        }
        Fault fault = ALL.get(name);
        if (fault == null) {
            System.out.println("Faults: one of " + ALL.keySet()
                    + ", then --runs=N --store=h2|postgres --seed=N and what the fault itself takes");
            System.exit(options.containsKey("help") ? 0 : 2);
            return;
        }
        System.exit(run(name, fault, options) ? 0 : 1);
    }

    private static boolean run(String name, Fault fault, Map<String, String> options) throws Exception {
        int runs = Integer.parseInt(options.getOrDefault("runs", "1"));
        long seed = options.containsKey("seed")
                ? Long.parseLong(options.getOrDefault("seed", "0"))
                : new Random().nextInt(1_000_000);
        Path directory = Files.createTempDirectory("faults");
        // a build must not change what is running
        Path jar = Files.copy(jar(), directory.resolve("notify-runner.jar"), StandardCopyOption.REPLACE_EXISTING);
        boolean hold = true;
        try {
            for (int i = 1; i <= runs; i++) {
                Path own = Files.createDirectory(directory.resolve("run-" + i));
                try (Run run = new Run(own, jar, options, seed + i)) {
                    Verdict verdict = fault.happen(run);
                    System.out.println(
                            name + " store=" + run.storeName() + " run=" + i + " seed=" + (seed + i) + " " + verdict);
                    hold &= verdict.holds();
                } catch (IOException e) {
                    System.out.println(name + " run=" + i + " seed=" + (seed + i) + " BROKEN: " + e.getMessage());
                    hold = false;
                }
                if (hold || !options.containsKey("keep")) {
                    delete(own);
                } else {
                    System.out.println("kept: " + own);
                }
            }
        } finally {
            if (hold || !options.containsKey("keep")) {
                delete(directory);
            }
        }
        return hold;
    }

    /** From wherever in the repository it is started. */
    private static Path jar() throws IOException {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(JAR))) {
                return at.resolve(JAR);
            }
        }
        throw new IOException(JAR + ": missing (expected: mvn -q -pl notify-runner -am package)");
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
