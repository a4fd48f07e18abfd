package io.notify.runner;

import java.util.concurrent.CountDownLatch;

/** SIGTERM and SIGINT close the node and end the process with 0; what cannot be closed ends it with 1. */
final class ProcessLifetime implements Lifetime {
    @Override
    public void begins(LogLevel level, LogFormat format) {
        Logging.choose(level, format);
    }

    @Override
    public void awaitEndThenClose(Node node) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(node), "notify-shutdown"));
        // the hook ends the process; nothing ever counts this down
        new CountDownLatch(1).await();
    }

    private static void end(Node node) {
        int code = 0;
        try {
            node.close();
        } catch (RuntimeException e) {
            System.err.println(OneLine.of("The stop was not clean: " + e));
            code = 1;
        }
        // a JVM that a signal ends says 143 even when all went well; supervisors take that for a failure
        Runtime.getRuntime().halt(code);
    }
}
