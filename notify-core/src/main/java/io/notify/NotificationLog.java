package io.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * The totally ordered log of durable notifications; the only thing that must survive.
 *
 * <p>Every method blocks. {@link #append} and {@link #recordDeliveries} are called by one thread of this process, the log
 * thread, and {@link #purge} by one at a time; the others by the service's reader threads, many at once. None is
 * ever called on an event loop. All throw {@link LogUnavailableException} when the store cannot be reached in time; they
 * then have changed nothing, or what they changed will be found again by an idempotency key.
 *
 * <p>Several processes may share one store: positions rise in commit order over all of them.
 *
 * <p>{@code NotificationLogContract} is the test that each implementation passes.
 */
public interface NotificationLog extends AutoCloseable {

    /**
     * A log that lives and dies with this object, for tests and for hosts that need no durability. Its memory is bounded
     * by {@link #purge} alone.
     */
    static NotificationLog inMemory() {
        return new MemoryNotificationLog();
    }

    /**
     * Makes the store ready, creating or migrating it, and finds its end. Called once, before anything else.
     *
     * @return the head
     */
    Position open();

    /**
     * Stores a batch in one transaction, in the order given.
     *
     * @param batch 1 to 512 entries
     * @return one answer for each entry, in order; a bad entry is {@link Appended.Rejected} and does not spoil the others
     */
    List<Appended> append(List<LogEntry> batch);

    /** The end of the log as committed now, by any process. */
    Position head();

    /**
     * Starts a new epoch, because a position beyond the head was shown by a client: commits must have been lost. Numbers go
     * on from the head, so rows keep theirs and stay readable, under positions of the new epoch.
     *
     * @return the new head
     */
    Position renewEpoch();

    /**
     * The number at which {@link #renewEpoch} ended a former epoch of this log: up to it, positions of that epoch mean the
     * rows that have the same numbers now. Empty for an epoch that is unknown, the present one, or forgotten by
     * {@link #purge}.
     */
    OptionalLong endOfEpoch(String epoch);

    /**
     * All rows of {@code (after, through]}, expired and replaced ones included, for nodes that did not write them.
     *
     * @param limit at most so many, 1 to 1,000
     */
    LogStretch stretch(long after, long through, int limit);

    /**
     * The rows beyond a number that a reader may see, unexpired ones only, in ascending order; of rows with the same
     * audience and collapse key only the last that the reader may see, and none if that one has expired. A row expires at
     * its {@code expiresAt}, not after it.
     *
     * @param reader who reads
     * @param after the number
     * @param limit at most so many, 1 to 10,000
     * @param now what counts as the present for expiry
     */
    LogSlice read(LogReader reader, long after, int limit, Instant now);

    /** How many rows {@link #read} would find beyond a number without a limit, counted up to {@code atMost}. */
    long count(LogReader reader, long after, long atMost, Instant now);

    /**
     * A page of a user's own history, unexpired rows in ascending order. With {@code after} they are the rows that
     * {@link #read} finds, so that a cursor means the same everywhere; else replaced ones are included.
     * {@link LogSlice#more} says whether there are further rows in the direction asked for: newer ones with {@code after},
     * else older ones.
     */
    LogSlice history(LogReader reader, HistoryQuery query, Instant now);

    /** How many unexpired rows the reader has not read, counted up to 10,000. */
    long unread(LogReader reader, Instant now);

    /**
     * Marks a row read.
     *
     * @return when it was first read, which is {@code at} unless it had been read before; empty if there is no such row or
     *     the reader may not see it
     */
    Optional<Instant> markRead(LogReader reader, UUID id, Instant at);

    /**
     * Marks all rows read that the reader may see.
     *
     * @return the ids of those that were not read before
     */
    List<UUID> markAllRead(LogReader reader, Instant at);

    /**
     * Notes that a user has received everything up to a number; a smaller number than before changes nothing.
     *
     * @param userId the user
     * @param through a number at or below the head
     */
    void acknowledge(String userId, long through, Instant at);

    /** The highest number the user acknowledged. */
    OptionalLong acknowledged(String userId);

    /**
     * Writes back what became of stored rows; rows that are gone and positions of another epoch are ignored. Connections add
     * up, the earliest delivery is kept, and a delivery without an error clears the error of an earlier attempt.
     */
    void recordDeliveries(List<DeliveryStatus> statuses);

    /**
     * Remembers which rooms a session joined by hand, replacing what was remembered. Empty forgets the session.
     *
     * @param sessionKey 1 to 255 characters that stand for one session of one user
     * @throws IllegalArgumentException if these rooms are more than the store can hold; trying again is of no use
     */
    void rememberRooms(String sessionKey, Set<String> rooms, Instant until);

    /** The rooms remembered for a session; empty if none or if their time has passed. */
    Set<String> recallRooms(String sessionKey, Instant now);

    /** A page of rows for an operator. */
    LogPage logs(LogFilter filter);

    /** Everything known of one row; empty if there is none. */
    Optional<LogStory> story(UUID id);

    /**
     * Sums over the rows created in the whole hours, UTC, that {@code [from, to)} touches. Their cost depends on the number
     * of hours and events, not of rows.
     */
    LogStats stats(Instant from, Instant to);

    /**
     * Deletes at most {@code limit} of the oldest rows created before an instant, and what belongs to them, and whatever
     * other records (keys, remembered rooms) ended before {@code now}, as far as one call may take; {@code purgedThrough}
     * rises to the last row deleted.
     *
     * <p>The hours' sums go once they lie before the instant as a whole and no row is left in them.
     *
     * @return how many rows were deleted; fewer than {@code limit} means that none is left
     */
    int purge(Instant before, int limit, Instant now);

    /** Answers if the store can be reached within {@code timeout}. */
    boolean isReachable(Duration timeout);

    /** Gives back every connection, thread and file. No other method may be called after it. */
    @Override
    void close();
}
