package io.notify.benchmarks.faults;

import io.notify.benchmarks.server.Scratch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Runs faults by name and prints one line for each run; ends with 1 if something did not hold. */
public final class Faults {
    private static final Map<String, Fault> ALL = all();

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
                    + ", then --runs=N --store=sqlite|postgres --seed=N and what the fault itself takes");
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
        boolean hold = true;
        try (Scratch scratch = Scratch.create("faults")) {
            for (int i = 1; i <= runs; i++) {
                Path own = scratch.directory("run-" + i);
                try (Run run = new Run(own, scratch.jar(), options, seed + i)) {
                    Verdict verdict = fault.happen(run);
                    System.out.println(
                            name + " store=" + run.storeName() + " run=" + i + " seed=" + (seed + i) + " " + verdict);
                    hold &= verdict.holds();
                } catch (IOException e) {
                    System.out.println(name + " run=" + i + " seed=" + (seed + i) + " BROKEN: " + e.getMessage());
                    hold = false;
                }
                if (hold || !options.containsKey("keep")) {
                    Scratch.delete(own);
                } else {
                    scratch.keep();
                    System.out.println("kept: " + own);
                }
            }
        }
        return hold;
    }
}
