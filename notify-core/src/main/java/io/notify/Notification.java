package io.notify;

import io.notify.json.RawJson;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent, to whom and how. Immutable and valid: the builder saw to everything that needs no look at the
 * running service.
 */
public final class Notification {
    private static final Duration MAX_TTL = Duration.ofDays(365);
    private static final int MAX_KEY = 255;

    private final Audience audience;
    private final String event;
    private final @Nullable Object data;
    private final @Nullable String title;
    private final @Nullable String message;
    private final Locale locale;
    private final boolean durable;
    private final @Nullable Duration timeToLive;
    private final @Nullable String sender;
    private final @Nullable String idempotencyKey;
    private final @Nullable String collapseKey;
    private final @Nullable Priority priority;

    private Notification(Builder b) {
        this.audience = b.audience;
        this.event = b.event;
        this.data = b.data;
        this.title = b.title;
        this.message = b.message;
        this.locale = b.locale;
        this.durable = b.durable;
        this.timeToLive = b.timeToLive;
        this.sender = b.sender;
        this.idempotencyKey = b.idempotencyKey;
        this.collapseKey = b.collapseKey;
        this.priority = b.priority;
    }

    /**
     * Starts a durable notification.
     *
     * @param audience whom it is for
     * @param event its name, 1 to 255 visible characters, none of Socket.IO's reserved names
     * @throws InvalidNotificationException if the name is not allowed
     */
    public static Builder builder(Audience audience, String event) {
        return new Builder(audience, event);
    }

    public Audience audience() {
        return audience;
    }

    public String event() {
        return event;
    }

    /** What the event carries: null for none, a {@link RawJson}, or anything Jackson writes as a JSON object. */
    public @Nullable Object data() {
        return data;
    }

    /** The title given, which overrides the formatter's. */
    public @Nullable String title() {
        return title;
    }

    /** The message given, which overrides the formatter's. */
    public @Nullable String message() {
        return message;
    }

    /** The language the formatter is asked for. */
    public Locale locale() {
        return locale;
    }

    /** Whether it is written to the log before anybody sees it. */
    public boolean durable() {
        return durable;
    }

    public @Nullable Duration timeToLive() {
        return timeToLive;
    }

    /** Who sends, the scope of the idempotency key; empty if not said. */
    public String sender() {
        return sender == null ? "" : sender;
    }

    public @Nullable String idempotencyKey() {
        return idempotencyKey;
    }

    public @Nullable String collapseKey() {
        return collapseKey;
    }

    public @Nullable Priority priority() {
        return priority;
    }

    /** Collects a notification's parts; not thread-safe. Each setter checks its value. */
    public static final class Builder {
        private final Audience audience;
        private final String event;
        private @Nullable Object data;
        private @Nullable String title;
        private @Nullable String message;
        private Locale locale = Locale.ROOT;
        private boolean durable = true;
        private @Nullable Duration timeToLive;
        private @Nullable String sender;
        private @Nullable String idempotencyKey;
        private @Nullable String collapseKey;
        private @Nullable Priority priority;

        private Builder(Audience audience, String event) {
            this.audience = audience;
            try {
                this.event = Names.event("event", event);
            } catch (IllegalArgumentException e) {
                throw new InvalidNotificationException(
                        "event", "expected 1 to 255 visible characters, none of " + "Socket.IO's reserved names");
            }
        }

        /** What the event carries: a {@link RawJson} or anything the service's ObjectMapper writes as a JSON object. */
        public Builder data(Object data) {
            this.data = data;
            return this;
        }

        /** Overrides the formatter's title. */
        public Builder title(String title) {
            this.title = title;
            return this;
        }

        /** Overrides the formatter's message. */
        public Builder message(String message) {
            this.message = message;
            return this;
        }

        /** The language the formatter is asked for; the default is its own default. */
        public Builder locale(Locale locale) {
            this.locale = locale;
            return this;
        }

        /** Not written to the log: best effort, for whoever is connected now. */
        public Builder volatileDelivery() {
            this.durable = false;
            return this;
        }

        /**
         * How long it is worth delivering; nothing is delivered more than a second later.
         *
         * @param ttl greater than zero, at most 365 days; whole milliseconds count
         */
        public Builder timeToLive(Duration ttl) {
            if (ttl.toMillis() <= 0 || ttl.compareTo(MAX_TTL) > 0) {
                throw new InvalidNotificationException("ttlMs", ttl.toMillis() + " (expected: > 0 and <= 365 days)");
            }
            this.timeToLive = ttl;
            return this;
        }

        /**
         * Makes a repeated send within 24 hours answer the first one's receipt.
         *
         * @param sender whose key it is, at most 255 visible characters
         * @param key 1 to 255 visible characters
         */
        public Builder idempotencyKey(String sender, String key) {
            this.sender = key("sender", sender);
            this.idempotencyKey = key("idempotencyKey", key);
            return this;
        }

        /** A later notification to the same audience with the same key replaces this one for whoever was offline. */
        public Builder collapseKey(String key) {
            this.collapseKey = key("collapseKey", key);
            return this;
        }

        public Builder priority(Priority priority) {
            this.priority = priority;
            return this;
        }

        /**
         * The finished notification.
         *
         * @throws InvalidNotificationException if options contradict each other
         */
        public Notification build() {
            if (!durable && idempotencyKey != null) {
                throw new InvalidNotificationException("durable", "false (expected: true with an idempotency key)");
            }
            return new Notification(this);
        }

        private static String key(String field, String value) {
            if (value.length() > MAX_KEY) {
                throw new InvalidNotificationException(field, "expected 1 to 255 visible characters");
            }
            try {
                return Names.visible(field, value);
            } catch (IllegalArgumentException e) {
                throw new InvalidNotificationException(field, "expected 1 to 255 visible characters");
            }
        }
    }
}
