package io.notify.runner;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Everything that was configured, checked; read once, and can be logged whole since its secrets do not print. */
record Configuration(
        Environment environment,
        LogLevel logLevel,
        LogFormat logFormat,
        Listen listen,
        SignIn signIn,
        Database database,
        Limits limits,
        Intervals intervals) {

    private static final Duration DRAIN = Duration.ofSeconds(5);

    record Listen(String host, int port, List<String> corsOrigins, TransportChoice transport, int eventLoops) {}

    /** In production exactly one of secret, public key and JWKS is there; in development at most one. */
    record SignIn(
            Optional<Secret> secret,
            Optional<String> publicKeyPem,
            Optional<URI> jwks,
            Optional<String> issuer,
            Optional<String> audience,
            Duration tokenLifetime,
            Optional<Secret> recoverySecret) {

        boolean isByKey() {
            return publicKeyPem.isPresent() || jwks.isPresent();
        }
    }

    record Database(
            String url,
            Optional<String> user,
            Optional<Secret> password,
            DurabilityChoice durability,
            Duration retention) {

        String shownUrl() {
            return Disclosure.URL.show(url);
        }

        @Override
        public String toString() {
            return "Database[url=" + shownUrl() + "]";
        }
    }

    record Limits(
            List<String> roomsAllowed,
            int maxPayload,
            int replayLimit,
            int events,
            Duration eventWindow,
            int connections,
            int connectionsPerAddress,
            int newConnectionsPerSecond,
            int failedSignIns,
            int sends,
            int outboundBytes,
            int rooms,
            int messageBytes,
            Duration requestTime,
            Duration keepAliveTime) {}

    record Intervals(
            Duration heartbeat,
            Duration sseHeartbeat,
            Duration sseCleanup,
            Duration ping,
            Duration pingTimeout,
            Duration drain) {}

    /**
     * Reads the environment and the directory's {@value Values#FILE}.
     *
     * @throws ConfigurationException if anything in them is wrong
     */
    static Configuration read(Map<String, String> environment, Path directory) {
        return of(Values.read(environment, directory));
    }

    static Configuration of(Values values) {
        Environment environment = values.get(Settings.NOTIFY_ENV);
        return new Configuration(
                environment,
                values.get(Settings.LOG_LEVEL),
                values.get(Settings.LOG_FORMAT),
                new Listen(
                        values.find(Settings.HOST)
                                .orElse(environment == Environment.PRODUCTION ? "0.0.0.0" : "127.0.0.1"),
                        values.get(Settings.PORT),
                        values.find(Settings.CORS_ORIGIN).orElse(List.of()),
                        values.get(Settings.TRANSPORT),
                        values.get(Settings.EVENT_LOOPS)),
                signIn(values, environment),
                new Database(
                        values.get(Settings.DATABASE_URL),
                        values.find(Settings.DATABASE_USER),
                        values.find(Settings.DATABASE_PASSWORD),
                        values.get(Settings.DURABILITY),
                        values.get(Settings.RETENTION)),
                new Limits(
                        values.find(Settings.ROOMS_ALLOWED).orElse(List.of()),
                        values.get(Settings.MAX_PAYLOAD),
                        values.get(Settings.REPLAY_LIMIT),
                        values.get(Settings.RATE_LIMIT_MAX_REQUESTS),
                        values.get(Settings.RATE_LIMIT_WINDOW_MS),
                        values.get(Settings.MAX_CONNECTIONS),
                        values.get(Settings.MAX_CONNECTIONS_PER_ADDRESS),
                        values.get(Settings.NEW_CONNECTIONS_PER_SECOND),
                        values.get(Settings.FAILED_SIGN_INS),
                        values.get(Settings.SEND_LIMIT),
                        values.get(Settings.OUTBOUND_LIMIT),
                        values.get(Settings.MAX_ROOMS),
                        values.get(Settings.MAX_MESSAGE),
                        values.get(Settings.REQUEST_TIMEOUT),
                        values.get(Settings.KEEP_ALIVE_TIMEOUT)),
                new Intervals(
                        values.get(Settings.HEARTBEAT_INTERVAL),
                        values.get(Settings.SSE_HEARTBEAT_INTERVAL),
                        values.get(Settings.SSE_CLEANUP_INTERVAL),
                        values.get(Settings.PING_INTERVAL),
                        values.get(Settings.PING_TIMEOUT),
                        values.find(Settings.DRAIN_TIME)
                                .orElse(environment == Environment.PRODUCTION ? DRAIN : Duration.ZERO)));
    }

    private static SignIn signIn(Values values, Environment environment) {
        var signIn = new SignIn(
                values.find(Settings.JWT_SECRET),
                values.find(Settings.JWT_PUBLIC_KEY),
                values.find(Settings.JWKS_URL),
                values.find(Settings.JWT_ISSUER),
                values.find(Settings.JWT_AUDIENCE),
                values.get(Settings.JWT_EXPIRES_IN),
                values.find(Settings.RECOVERY_SECRET));
        List<String> given = Stream.of(Settings.JWT_SECRET, Settings.JWT_PUBLIC_KEY, Settings.JWKS_URL)
                .filter(setting -> values.text(setting).isPresent())
                .map(Setting::name)
                .toList();
        // two ways to sign would leave the choice to the token, which is how algorithm confusion begins (RFC 8725, 3.1)
        if (given.size() > 1) {
            throw ConfigurationException.of(
                    given.get(1), "set together with " + given.get(0), "one of JWT_SECRET, JWT_PUBLIC_KEY, JWKS_URL");
        }
        if (given.isEmpty() && environment == Environment.PRODUCTION) {
            throw ConfigurationException.of(
                    Settings.JWT_SECRET.name(),
                    "not set",
                    Settings.JWT_SECRET.format().expected() + ", or else JWT_PUBLIC_KEY or JWKS_URL, in production");
        }
        return signIn;
    }
}
