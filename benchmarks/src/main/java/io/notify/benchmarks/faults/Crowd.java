package io.notify.benchmarks.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** All clients of a run, and the threads that they share. Any thread. */
@SuppressWarnings("FutureReturnValueIgnored") // a task that fails would show as a client that stays away
final class Crowd implements Closeable {
    /** Carries the time of its sending, by this process's {@link System#nanoTime}. */
    static final String TICK = "tick";

    private final List<Reader> readers = new ArrayList<>(); // guarded by itself
    private final ExecutorService threads = Executors.newFixedThreadPool(4, Crowd::daemon);
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1, Crowd::daemon);
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .executor(threads)
            .build();
    private final AtomicInteger losses = new AtomicInteger();
    private final RatePeak attempts = new RatePeak();
    private final RatePeak connects = new RatePeak();
    private final Map<Integer, Integer> redirects = new ConcurrentHashMap<>();
    private volatile Latencies latencies = new Latencies();

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "crowd");
        thread.setDaemon(true);
        return thread;
    }

    /** A client by the transport that its number gives it, so that the three are as many each. */
    Reader reader(int number, int port, Inbox inbox) {
        Reader reader = switch (number % 3) {
            case 0 -> new SocketIoReader(this, port, inbox);
            case 1 -> new PlainReader(this, port, inbox);
            default -> new SseReader(this, port, inbox);
        };
        return add(reader);
    }

    /** Clients of all three transports, each a user of its own; waits until they are in. */
    List<Reader> enter(int count, int port, Account account) throws IOException, InterruptedException {
        List<Reader> entered = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entered.add(reader(i, port, account.inbox(user(i))).start());
        }
        if (!await(crowd -> entered.stream().allMatch(Reader::isConnected), 60)) {
            throw new IOException("not every client came in, only " + connected());
        }
        return entered;
    }

    static String user(long number) {
        return "user-" + number;
    }

    /** Who would come to one port comes to another from now on, as a balancer has it. */
    void redirect(int from, int to) {
        redirects.put(from, to);
    }

    int route(int port) {
        return redirects.getOrDefault(port, port);
    }

    Reader add(Reader reader) {
        synchronized (readers) {
            readers.add(reader);
        }
        return reader;
    }

    private List<Reader> readers() {
        synchronized (readers) {
            return List.copyOf(readers);
        }
    }

    /** Waits until so many are connected. Whether they are. */
    boolean awaitConnected(int count, long seconds) throws InterruptedException {
        return await(crowd -> crowd.connected() >= count, seconds);
    }

    boolean await(Predicate<Crowd> condition, long seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.test(this)) {
            if (System.nanoTime() > end) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return true;
    }

    int connected() {
        return (int) readers().stream().filter(Reader::isConnected).count();
    }

    /** How often a client was cut off. */
    int losses() {
        return losses.get();
    }

    /** When clients that were cut off knocked again. */
    RatePeak attempts() {
        return attempts;
    }

    /** When clients were let in. */
    RatePeak connects() {
        return connects;
    }

    /** Measures anew from now on. */
    Latencies measure() {
        Latencies fresh = new Latencies();
        latencies = fresh;
        return fresh;
    }

    HttpClient http() {
        return http;
    }

    void comesBack() {
        attempts.count();
    }

    void opened() {
        connects.count();
    }

    void lost() {
        losses.incrementAndGet();
    }

    void heard(String event, JsonNode data) {
        if (event.equals(TICK)) {
            latencies.add(System.nanoTime() - data.path("data").path("t").asLong());
        }
    }

    void later(Runnable work, long millis) {
        scheduler.schedule(work, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        readers().forEach(Reader::close);
        scheduler.shutdownNow();
        threads.shutdownNow();
    }
}
