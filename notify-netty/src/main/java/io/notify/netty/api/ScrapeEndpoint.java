package io.notify.netty.api;

import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpReply;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles {@code GET /metrics}. Renders on a thread of its own, so that a scrape never blocks an event loop. */
final class ScrapeEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScrapeEndpoint.class);
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int MAX_WAITING = 8;

    private final Supplier<String> scrape;
    private final ThreadPoolExecutor renderer;

    ScrapeEndpoint(Supplier<String> scrape) {
        this.scrape = scrape;
        this.renderer =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), task -> {
                    Thread thread = new Thread(task, "notify-scrape");
                    thread.setDaemon(true);
                    return thread;
                });
        renderer.allowCoreThreadTimeOut(true);
    }

    void scrape(HttpExchange exchange) {
        try {
            renderer.execute(() -> exchange.reply(render()));
        } catch (RejectedExecutionException e) {
            exchange.reply(
                    HttpReply.problem(503, "Too many scrapes are pending.").withHeader("Retry-After", "1"));
        }
    }

    private HttpReply render() {
        try {
            return HttpReply.of(200, PROMETHEUS_TEXT, scrape.get().getBytes(StandardCharsets.UTF_8))
                    .withHeader("Cache-Control", "no-store");
        } catch (RuntimeException e) {
            LOG.error("cannot render the metrics", e);
            return HttpReply.problem(500, "The request failed. See the log of the server.");
        }
    }

    @Override
    public void close() {
        renderer.shutdown();
    }
}
