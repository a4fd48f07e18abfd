package io.notify;

import java.time.Instant;
import java.util.List;

/**
 * One notification's way, as far as it has come: what the log holds of it, and which connections took it.
 *
 * @param stored what the log knows
 * @param takers the connections of this node that took it, in no order; only the first ones, and only of what was shown
 *     lately, so there may be fewer than {@link LogStory#connections}
 * @param outcome how far it has come
 */
public record Story(LogStory stored, List<Taker> takers, Outcome outcome) {
    public Story {
        takers = List.copyOf(takers);
    }

    static Story of(LogStory stored, List<Taker> takers, Instant now) {
        return new Story(stored, takers, outcome(stored, now));
    }

    private static Outcome outcome(LogStory stored, Instant now) {
        LogRow row = stored.row();
        Instant expiresAt = stored.expiresAt();
        if (row.readAt() != null || stored.readCount() > 0) {
            return Outcome.READ;
        }
        if (stored.acknowledgedAt() != null) {
            return Outcome.ACKNOWLEDGED;
        }
        if (row.delivered()) {
            return Outcome.DELIVERED;
        }
        if (row.error() != null) {
            return Outcome.FAILED;
        }
        if (expiresAt != null && !now.isBefore(expiresAt)) {
            return Outcome.EXPIRED;
        }
        return stored.replacedBy() == null ? Outcome.WAITING : Outcome.REPLACED;
    }

    /** How far a notification has come; the furthest that holds. */
    public enum Outcome {
        /** Somebody has read it. */
        READ,
        /** Its owner's client has said that it has it. */
        ACKNOWLEDGED,
        /** At least one connection took it. */
        DELIVERED,
        /** None could; the row's error says why. */
        FAILED,
        /** It ended before anybody came for it. */
        EXPIRED,
        /** A later one of the same collapse key is shown in its place. */
        REPLACED,
        /** Nobody of its audience has been here since. */
        WAITING
    }

    /**
     * A connection that took it.
     *
     * @param userId whose
     * @param sessionId the sign-in session
     * @param socketId the connection
     * @param transport how it was connected then
     * @param takenAt when it was handed to the connection's network
     */
    public record Taker(String userId, String sessionId, String socketId, Transport transport, Instant takenAt) {}
}
