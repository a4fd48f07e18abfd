package io.notify;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.notify.geo.GeoIndex;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the presence statistics as counters that each opening and closing updates, so that reading them costs nothing. */
final class PresenceBook implements Presence {
    private static final Logger LOG = LoggerFactory.getLogger(PresenceBook.class);
    private static final long BYTES_OF_USER = 250;
    private static final long BYTES_OF_SESSION = 200;
    private static final long BYTES_OF_CONNECTION = 900;
    private static final int REMEMBERED_USERS = 100_000;
    private static final int MAX_LISTED = 1_000;

    private final Clock clock;
    private final GeoIndex positions;
    private final SerialTasks announcements;
    private final Executor readers;
    private final List<PresenceListener> listeners = new CopyOnWriteArrayList<>();
    private final ConcurrentMap<String, List<PresenceEntry>> users = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Integer> usersByRole = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Integer> sessions = new ConcurrentHashMap<>();
    private final Map<Transport, AtomicInteger> byTransport = new EnumMap<>(Transport.class);
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger onlineUsers = new AtomicInteger();
    private final Cache<String, Instant> lastSeen;

    PresenceBook(Clock clock, GeoIndex positions, SerialTasks announcements, Executor readers, Duration rememberedFor) {
        this.clock = clock;
        this.positions = positions;
        this.announcements = announcements;
        this.readers = readers;
        this.lastSeen = Caffeine.newBuilder()
                .maximumSize(REMEMBERED_USERS)
                .expireAfterWrite(rememberedFor)
                .build();
        for (Transport transport : Transport.values()) {
            byTransport.put(transport, new AtomicInteger());
        }
    }

    void opened(PresenceEntry connection) {
        connections.incrementAndGet();
        counter(connection).incrementAndGet();
        sessions.merge(connection.sessionId(), 1, Integer::sum);
        change(connection.identity().userId(), all -> all.add(connection));
    }

    void closed(PresenceEntry connection) {
        connections.decrementAndGet();
        counter(connection).decrementAndGet();
        sessions.computeIfPresent(connection.sessionId(), (id, n) -> n == 1 ? null : n - 1);
        change(connection.identity().userId(), all -> all.remove(connection));
    }

    /** Counts a connection under its new transport. */
    void transportChanged(PresenceEntry connection, Runnable change) {
        counter(connection).decrementAndGet();
        change.run();
        counter(connection).incrementAndGet();
    }

    /** Replaces a connection's identity by another of the same user, whose roles may differ. */
    void identityReplaced(PresenceEntry connection, Runnable replace) {
        change(connection.identity().userId(), all -> replace.run());
    }

    /** Changes a user's connections and updates the counters, atomically for that user. */
    private void change(String userId, Consumer<List<PresenceEntry>> change) {
        users.compute(userId, (id, known) -> {
            List<PresenceEntry> all = known == null ? new ArrayList<>(1) : known;
            boolean wasOnline = !all.isEmpty();
            Set<String> before = roles(all);
            synchronized (all) {
                change.accept(all);
            }
            Set<String> after = roles(all);
            count(before, after, -1);
            count(after, before, 1);
            announce(id, wasOnline, !all.isEmpty());
            return all.isEmpty() ? null : all;
        });
    }

    private void count(Set<String> roles, Set<String> unless, int change) {
        for (String role : roles) {
            if (!unless.contains(role)) {
                usersByRole.merge(role, change, (a, b) -> a + b == 0 ? null : a + b);
            }
        }
    }

    private static Set<String> roles(List<PresenceEntry> connections) {
        if (connections.size() == 1) {
            return connections.get(0).identity().roles();
        }
        Set<String> roles = new HashSet<>();
        connections.forEach(c -> roles.addAll(c.identity().roles()));
        return roles;
    }

    private void announce(String userId, boolean wasOnline, boolean isOnline) {
        if (wasOnline == isOnline) {
            return;
        }
        if (isOnline) {
            onlineUsers.incrementAndGet();
        } else {
            onlineUsers.decrementAndGet();
            lastSeen.put(userId, clock.instant());
        }
        for (PresenceListener listener : listeners) {
            boolean taken = announcements.offer(() -> tell(listener, userId, isOnline));
            if (!taken) {
                LOG.warn(
                        "a presence listener is too slow; it missed that a user went {}",
                        isOnline ? "online" : "offline");
            }
        }
    }

    private static void tell(PresenceListener listener, String userId, boolean online) {
        try {
            if (online) {
                listener.online(userId);
            } else {
                listener.offline(userId);
            }
        } catch (RuntimeException e) {
            LOG.warn("a presence listener failed", e);
        }
    }

    private AtomicInteger counter(PresenceEntry connection) {
        return byTransport.getOrDefault(connection.transport(), connections);
    }

    /** Returns an estimate of the memory taken: map entries with their keys and values on a 64-bit JVM. */
    long bytes() {
        return BYTES_OF_USER * users.size()
                + BYTES_OF_SESSION * sessions.size()
                + BYTES_OF_CONNECTION * connections.get();
    }

    int connections(Transport transport) {
        AtomicInteger counter = byTransport.get(transport);
        return counter == null ? 0 : counter.get();
    }

    int onlineUsers() {
        return onlineUsers.get();
    }

    int sessionCount() {
        return sessions.size();
    }

    @Override
    public PresenceStats stats() {
        Map<String, Integer> transports = new HashMap<>();
        byTransport.forEach((transport, n) -> transports.put(transport.wireName(), n.get()));
        return new PresenceStats(onlineUsers.get(), usersByRole, connections.get(), transports, sessions.size());
    }

    @Override
    public boolean isOnline(String userId) {
        return users.containsKey(userId);
    }

    @Override
    public List<SessionInfo> sessions(String userId) {
        List<PresenceEntry> all = users.get(userId);
        if (all == null) {
            return List.of();
        }
        synchronized (all) {
            return all.stream().map(PresenceBook::info).toList();
        }
    }

    private static SessionInfo info(PresenceEntry c) {
        return new SessionInfo(c.sessionId(), c.socketId(), c.transport(), c.connectedAt(), c.rooms());
    }

    @Override
    public CompletionStage<List<OnlineUser>> online(String text, int limit) {
        if (limit < 1 || limit > MAX_LISTED) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + MAX_LISTED + ")");
        }
        try {
            return CompletableFuture.supplyAsync(() -> find(text, limit), readers);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new LogUnavailableException("too many reads wait", e));
        }
    }

    private List<OnlineUser> find(String text, int limit) {
        String part = text.toLowerCase(Locale.ROOT);
        return Stream.concat(
                        Stream.of(text).filter(users::containsKey),
                        users.keySet().stream()
                                .filter(id -> !id.equals(text)
                                        && id.toLowerCase(Locale.ROOT).contains(part)))
                .flatMap(id -> user(id).stream())
                .limit(limit)
                .toList();
    }

    private Optional<OnlineUser> user(String id) {
        List<PresenceEntry> all = users.get(id);
        if (all == null) {
            return Optional.empty();
        }
        synchronized (all) {
            return all.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new OnlineUser(
                            id, roles(all), all.stream().map(PresenceBook::info).toList()));
        }
    }

    @Override
    public boolean disconnect(String userId, String socketId) {
        List<PresenceEntry> all = users.getOrDefault(userId, List.of());
        synchronized (all) {
            for (PresenceEntry connection : all) {
                if (connection.socketId().equals(socketId)) {
                    connection.disconnect();
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public Optional<Instant> lastSeen(String userId) {
        return isOnline(userId) ? Optional.of(clock.instant()) : Optional.ofNullable(lastSeen.getIfPresent(userId));
    }

    @Override
    public Optional<GeoPoint> location(String userId) {
        return positions.location(userId, GeoPoint::new);
    }

    @Override
    public void updateLocation(String userId, GeoPoint point) {
        List<PresenceEntry> all = users.getOrDefault(userId, List.of());
        Set<String> roles;
        synchronized (all) {
            roles = Set.copyOf(roles(all));
        }
        positions.update(userId, roles, point.latitude(), point.longitude(), clock.instant());
    }

    @Override
    public AutoCloseable listen(PresenceListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
