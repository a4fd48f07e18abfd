package io.notify.benchmarks.server;

import io.notify.jwt.JwtIssuer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The packaged server in a process of its own, on one port whenever it is started again. One thread at a time. */
public final class Server implements Closeable {
    private static final String SECRET = "a-secret-for-the-benchmarks-and-nothing-else";
    private static final JwtIssuer ISSUER = JwtIssuer.hmac(SECRET);
    private static final Duration TOKEN_LIFE = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern USED = Pattern.compile(
            "(?:def new generation|tenured generation|DefNew|Tenured|garbage-first heap|PSYoungGen|ParOldGen).* used ([0-9]+)K");

    private final Path jar;
    private final Path directory;
    private final Path errors;
    private final int port;
    private final Map<String, String> variables = new TreeMap<>();
    private final List<String> jvm = new ArrayList<>(List.of("-Xmx1g"));
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private @Nullable Process process;

    /**
     * One that has not been started.
     *
     * @param directory where it runs, and where goes what it writes to stderr
     */
    public Server(Path jar, Path directory, Store store) throws IOException {
        this.jar = jar;
        this.directory = directory;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
        this.errors = directory.resolve("server-" + port + ".err");
        variables.put("NOTIFY_ENV", "production");
        variables.put("HOST", "127.0.0.1");
        variables.put("PORT", Integer.toString(port));
        variables.put("JWT_SECRET", SECRET);
        variables.put("LOG_LEVEL", "warn");
        // every client of the run has the same address
        variables.put("MAX_CONNECTIONS_PER_ADDRESS", "1000000");
        variables.put("NEW_CONNECTIONS_PER_SECOND", "1000000");
        variables.put("SEND_LIMIT", "10000000");
        variables.putAll(store.variables());
    }

    public static String token(String user, String... roles) {
        return ISSUER.mint(user, Set.copyOf(Arrays.asList(roles)), null, TOKEN_LIFE);
    }

    public Server variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** Options of its JVM, instead of {@code -Xmx1g}. */
    public Server jvm(String... options) {
        jvm.clear();
        jvm.addAll(Arrays.asList(options));
        return this;
    }

    public int port() {
        return port;
    }

    public URI http(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Starts it and waits until it is ready. */
    public Server start() throws IOException, InterruptedException {
        launch();
        awaitReady();
        return this;
    }

    /** Starts it; whether it comes up is the caller's to see. */
    public void launch() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.add("-jar");
        command.add(jar.toAbsolutePath().toString());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        builder.environment().putAll(variables);
        process = builder.start();
    }

    /** Waits until it says that it is ready. */
    public void awaitReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (status("/health/ready") != 200) {
            requireAlive();
            if (System.nanoTime() > end) {
                throw new IOException("the server is not ready after " + PATIENCE.toSeconds() + " s: " + lastWords());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /**
     * Does nothing while its process runs.
     *
     * @throws IOException with its last words if it has ended
     */
    public void requireAlive() throws IOException {
        if (!process().isAlive()) {
            throw new IOException("the server ended with " + process().exitValue() + ": " + lastWords());
        }
    }

    /** The status of a GET without a token; 0 if there was no answer within two seconds. */
    public int status(String path) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(http(path))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /** The body of a GET; empty if there was no answer. */
    public String get(String path, String token) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(http(path)).timeout(Duration.ofSeconds(20));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        }
    }

    /** {@code kill -9}: not even the JVM's own hooks run. */
    public void kill() throws InterruptedException {
        process().destroyForcibly().waitFor();
    }

    /** SIGTERM; does not wait. */
    public void terminate() {
        process().destroy();
    }

    public void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder(
                        "kill", "-" + name, Long.toString(process().pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + name + " ended with " + code);
        }
    }

    public Process process() {
        Process started = process;
        if (started == null) {
            throw new IllegalStateException("the server was not started");
        }
        return started;
    }

    /** The processor time that all its threads have used, in steps of the system's clock; empty where that is not known. */
    public Optional<Duration> cpu() {
        return process().info().totalCpuDuration();
    }

    /** Resident memory in KiB; 0 where there is no {@code /proc}. */
    public long residentKib() throws IOException {
        Path status = Path.of("/proc", Long.toString(process().pid()), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }

    /** Bytes of live objects after a collection. */
    public long liveHeapBytes() throws IOException, InterruptedException {
        jcmd("GC.run");
        long kib = 0;
        for (String line : jcmd("GC.heap_info").lines().toList()) {
            // the generations' own lines, not those of their parts
            Matcher used = USED.matcher(line);
            if (used.find()) {
                kib += Long.parseLong(used.group(1));
            }
        }
        return kib * 1_024;
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process().pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        String out = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return out;
    }

    /** The end of what it wrote to stderr. */
    public String lastWords() throws IOException {
        List<String> lines = Files.exists(errors) ? Files.readAllLines(errors) : List.of();
        return String.join(" / ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    }

    /** Whether stderr ever said so. */
    public boolean said(String text) throws IOException {
        return Files.exists(errors) && Files.readString(errors).contains(text);
    }

    @Override
    public void close() {
        Process started = process;
        if (started != null) {
            started.destroyForcibly().onExit().join();
        }
    }
}
