package io.notify;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** Reads the log for users and operators on the reader threads, never on the caller's. */
final class LogAccess implements Inbox, Archive {
    private final NotificationLog log;
    private final Executor readers;
    private final Clock clock;
    private final ReadNotices readNotices;
    private final RoomMemory roomMemory;
    private final Hub hub;

    LogAccess(
            NotificationLog log,
            Executor readers,
            Clock clock,
            ReadNotices readNotices,
            RoomMemory roomMemory,
            Hub hub) {
        this.log = log;
        this.readers = readers;
        this.clock = clock;
        this.readNotices = readNotices;
        this.roomMemory = roomMemory;
        this.hub = hub;
    }

    @Override
    public CompletionStage<LogSlice> history(Identity identity, HistoryQuery query) {
        return read(() -> log.history(reader(identity), query, clock.instant()));
    }

    @Override
    public CompletionStage<Long> unread(Identity identity) {
        return read(() -> log.unread(reader(identity), clock.instant()));
    }

    @Override
    public CompletionStage<Optional<Instant>> markRead(Identity identity, UUID notificationId) {
        return read(() -> {
            Optional<Instant> readAt = log.markRead(reader(identity), notificationId, clock.instant());
            readAt.ifPresent(at -> readNotices.publish(identity.userId(), List.of(notificationId), at));
            return readAt;
        });
    }

    @Override
    public CompletionStage<Long> markAllRead(Identity identity) {
        return read(() -> {
            Instant at = clock.instant();
            List<UUID> read = log.markAllRead(reader(identity), at);
            readNotices.publish(identity.userId(), read, at);
            return (long) read.size();
        });
    }

    @Override
    public CompletionStage<LogPage> logs(LogFilter filter) {
        return read(() -> log.logs(filter));
    }

    @Override
    public CompletionStage<Optional<Story>> story(UUID id) {
        return read(() -> log.story(id)
                .map(stored ->
                        Story.of(stored, hub.takers(stored.row().position().seq()), clock.instant())));
    }

    @Override
    public CompletionStage<LogStats> stats(Instant from, Instant to) {
        return read(() -> log.stats(from, to));
    }

    /** A reader over HTTP belongs to the audiences of its token and to the rooms that its session has joined. */
    private LogReader reader(Identity identity) {
        Set<String> audiences = new LinkedHashSet<>();
        audiences.add(Audience.everyone().key());
        identity.roles().forEach(role -> audiences.add(Audience.role(role).key()));
        String sessionId = identity.sessionId();
        if (sessionId != null) {
            audiences.add(Audience.session(sessionId).key());
            roomMemory
                    .recall(log, identity, sessionId)
                    .forEach(known -> audiences.add(Audience.room(known.room()).key()));
        }
        return new LogReader(identity.userId(), audiences);
    }

    private <T> CompletionStage<T> read(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, readers);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new LogUnavailableException("too many reads wait for the log", e));
        }
    }
}
