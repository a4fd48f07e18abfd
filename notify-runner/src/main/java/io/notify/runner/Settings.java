package io.notify.runner;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Every variable there is, in the order in which the tables show them; nothing else is read. */
final class Settings {
    static final Setting<Environment> NOTIFY_ENV = Setting.of(
            "NOTIFY_ENV",
            Format.oneOf(Environment.class),
            "development",
            "In production nothing of dev mode exists and a missing secret or key stops the start.");
    static final Setting<Integer> PORT =
            Setting.of("PORT", Format.integer(0, 65_535), "3000", "Where it listens; 0 takes any free port.");
    // dev mode lets anyone who reaches it send test notifications: so it is for this machine, until told otherwise
    static final Setting<String> HOST = Setting.optional(
            "HOST",
            Format.host(),
            "127.0.0.1 in development, 0.0.0.0 in production",
            "The address it listens on; 0.0.0.0 is every address of the machine.");
    static final Setting<List<String>> CORS_ORIGIN = Setting.optional(
            "CORS_ORIGIN",
            Format.origins(),
            "none: same origin only",
            "Whose pages may connect, besides those that the server itself serves.");
    static final Setting<TransportChoice> TRANSPORT = Setting.of(
            "TRANSPORT", Format.oneOf(TransportChoice.class), "auto", "What Netty asks the operating system with.");
    static final Setting<Integer> EVENT_LOOPS =
            Setting.of("EVENT_LOOPS", Format.integer(0, 256), "0", "Network threads; 0 is one for each core.");
    static final Setting<LogLevel> LOG_LEVEL =
            Setting.of("LOG_LEVEL", Format.oneOf(LogLevel.class), "info", "How much is logged, to stderr.");
    static final Setting<LogFormat> LOG_FORMAT = Setting.of(
            "LOG_FORMAT", Format.oneOf(LogFormat.class), "text", "How a line is written: for people, or as JSON.");

    static final Setting<Secret> JWT_SECRET = Setting.optional(
                    "JWT_SECRET",
                    Format.key(),
                    "made once in development, required in production",
                    "The key of HS256 tokens. Exactly one of this, JWT_PUBLIC_KEY and JWKS_URL.")
            .shownAs(Disclosure.LENGTH);
    static final Setting<String> JWT_PUBLIC_KEY = Setting.optional(
                    "JWT_PUBLIC_KEY",
                    PublicKeyFormat.create(),
                    "none",
                    "The key of RS256 or ES256 tokens that somebody else issues.")
            .shownAs(Disclosure.LENGTH);
    static final Setting<URI> JWKS_URL = Setting.optional(
                    "JWKS_URL", Format.jwks(), "none", "Where the issuer of RS256 or ES256 tokens publishes its keys.")
            .shownAs(Disclosure.URL);
    static final Setting<String> JWT_ISSUER =
            Setting.optional("JWT_ISSUER", Format.text(), "any", "What a token's iss must be.");
    static final Setting<String> JWT_AUDIENCE =
            Setting.optional("JWT_AUDIENCE", Format.text(), "any", "What a token's aud must hold.");
    static final Setting<Duration> JWT_EXPIRES_IN = Setting.of(
            "JWT_EXPIRES_IN", Format.duration("1s", "3650d"), "7d", "How long tokens last that the runner mints.");
    static final Setting<Secret> RECOVERY_SECRET = Setting.optional(
                    "RECOVERY_SECRET",
                    Format.key(),
                    "derived from JWT_SECRET, else random",
                    "The key of recovery ids; a random one makes clients start over after a restart.")
            .shownAs(Disclosure.LENGTH);

    static final Setting<String> DATABASE_URL = Setting.of(
                    "DATABASE_URL",
                    Format.database(),
                    "jdbc:sqlite:./data/notify.db",
                    "Where notifications are kept: an SQLite file, PostgreSQL or MariaDB; MySQL by jdbc:mariadb:.")
            .shownAs(Disclosure.URL);
    static final Setting<String> DATABASE_USER =
            Setting.optional("DATABASE_USER", Format.text(), "none", "The database's user.");
    static final Setting<Secret> DATABASE_PASSWORD = Setting.optional(
                    "DATABASE_PASSWORD", Format.password(), "none", "That user's password.")
            .shownAs(Disclosure.LENGTH);
    static final Setting<DurabilityChoice> DURABILITY = Setting.of(
            "DURABILITY",
            Format.oneOf(DurabilityChoice.class),
            "process",
            "What a stored notification survives on SQLite: the end of the process, or power loss.");
    static final Setting<Duration> RETENTION =
            Setting.of("RETENTION", Format.duration("1m", "3650d"), "7d", "How long notifications are kept.");
    static final Setting<Integer> REPLAY_LIMIT = Setting.of(
            "REPLAY_LIMIT", Format.integer(1, 10_000), "1000", "How many missed notifications one resume brings.");

    static final Setting<List<String>> ROOMS_ALLOWED = Setting.optional(
            "ROOMS_ALLOWED", Format.roomPatterns(), "none", "Which rooms clients may join by themselves.");
    static final Setting<Integer> MAX_PAYLOAD =
            Setting.of("MAX_PAYLOAD", Format.bytes(1_024, 16 << 20), "65536", "The largest notification.");
    static final Setting<Integer> RATE_LIMIT_MAX_REQUESTS = Setting.of(
            "RATE_LIMIT_MAX_REQUESTS",
            Format.integer(1, 1_000_000),
            "10",
            "How many events one connection may send in RATE_LIMIT_WINDOW_MS.");
    static final Setting<Duration> RATE_LIMIT_WINDOW_MS =
            Setting.of("RATE_LIMIT_WINDOW_MS", Format.millis(1, 3_600_000), "5000", "The window of that limit.");
    static final Setting<Integer> MAX_CONNECTIONS =
            Setting.of("MAX_CONNECTIONS", Format.integer(0, 10_000_000), "0", "Connections in all; 0 is no limit.");
    static final Setting<Integer> MAX_CONNECTIONS_PER_ADDRESS = Setting.of(
            "MAX_CONNECTIONS_PER_ADDRESS",
            Format.integer(1, 10_000_000),
            "200",
            "Connections at once of one address, and sessions that poll.");
    static final Setting<Integer> NEW_CONNECTIONS_PER_SECOND = Setting.of(
            "NEW_CONNECTIONS_PER_SECOND",
            Format.integer(1, 1_000_000),
            "60",
            "New connections a second of one address, and new sessions that poll.");
    static final Setting<Integer> FAILED_SIGN_INS = Setting.of(
            "FAILED_SIGN_INS", Format.integer(1, 1_000_000), "60", "Refused sign-ins in 10 s of one address.");
    static final Setting<Integer> SEND_LIMIT =
            Setting.of("SEND_LIMIT", Format.integer(1, 10_000_000), "2000", "Sends over HTTP in 5 s of one sender.");
    static final Setting<Integer> OUTBOUND_LIMIT = Setting.of(
            "OUTBOUND_LIMIT",
            Format.bytes(65_536, 1 << 30),
            "1048576",
            "What may wait for one slow connection before it is closed, to resume later.");

    static final Setting<Integer> MAX_ROOMS =
            Setting.of("MAX_ROOMS", Format.integer(1, 10_000), "128", "Rooms of one connection, its own among them.");
    static final Setting<Integer> MAX_MESSAGE = Setting.of(
            "MAX_MESSAGE",
            Format.bytes(1_024, 64 << 20),
            "1000000",
            "The largest message that a client may send, with its attachments.");
    static final Setting<Duration> REQUEST_TIMEOUT = Setting.of(
            "REQUEST_TIMEOUT",
            Format.millis(100, 600_000),
            "10000",
            "How long a request with its body may take to come in, or a WebSocket message.");
    static final Setting<Duration> KEEP_ALIVE_TIMEOUT = Setting.of(
            "KEEP_ALIVE_TIMEOUT",
            Format.millis(1_000, 3_600_000),
            "75000",
            "How long a connection may stay without a request.");

    static final Setting<Duration> HEARTBEAT_INTERVAL = Setting.of(
            "HEARTBEAT_INTERVAL", Format.millis(1_000, 3_600_000), "30000", "How often two-way clients get heartbeat.");
    static final Setting<Duration> SSE_HEARTBEAT_INTERVAL = Setting.of(
            "SSE_HEARTBEAT_INTERVAL", Format.millis(1_000, 3_600_000), "30000", "How often SSE streams get heartbeat.");
    static final Setting<Duration> SSE_CLEANUP_INTERVAL = Setting.of(
            "SSE_CLEANUP_INTERVAL",
            Format.millis(1_000, 86_400_000),
            "300000",
            "How often dead SSE streams are looked for.");
    static final Setting<Duration> PING_INTERVAL = Setting.of(
            "PING_INTERVAL",
            Format.millis(1_000, 3_600_000),
            "25000",
            "How often Engine.IO and WebSocket clients are pinged.");
    static final Setting<Duration> PING_TIMEOUT =
            Setting.of("PING_TIMEOUT", Format.millis(1_000, 3_600_000), "20000", "How long one has to answer a ping.");
    static final Setting<Duration> DRAIN_TIME = Setting.optional(
            "DRAIN_TIME",
            Format.millis(0, 600_000),
            "5000 in production, 0 in development",
            "Over how long clients are sent elsewhere when it is told to stop.");

    static final List<Setting<?>> ALL = List.of(
            NOTIFY_ENV,
            PORT,
            HOST,
            CORS_ORIGIN,
            TRANSPORT,
            EVENT_LOOPS,
            LOG_LEVEL,
            LOG_FORMAT,
            JWT_SECRET,
            JWT_PUBLIC_KEY,
            JWKS_URL,
            JWT_ISSUER,
            JWT_AUDIENCE,
            JWT_EXPIRES_IN,
            RECOVERY_SECRET,
            DATABASE_URL,
            DATABASE_USER,
            DATABASE_PASSWORD,
            DURABILITY,
            RETENTION,
            REPLAY_LIMIT,
            ROOMS_ALLOWED,
            MAX_PAYLOAD,
            RATE_LIMIT_MAX_REQUESTS,
            RATE_LIMIT_WINDOW_MS,
            MAX_CONNECTIONS,
            MAX_CONNECTIONS_PER_ADDRESS,
            NEW_CONNECTIONS_PER_SECOND,
            FAILED_SIGN_INS,
            SEND_LIMIT,
            OUTBOUND_LIMIT,
            MAX_ROOMS,
            MAX_MESSAGE,
            REQUEST_TIMEOUT,
            KEEP_ALIVE_TIMEOUT,
            HEARTBEAT_INTERVAL,
            SSE_HEARTBEAT_INTERVAL,
            SSE_CLEANUP_INTERVAL,
            PING_INTERVAL,
            PING_TIMEOUT,
            DRAIN_TIME);

    private Settings() {}
}
