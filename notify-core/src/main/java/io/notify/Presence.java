package io.notify;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Who is online and where. Every method may be called by any thread and none blocks. */
public interface Presence {
    /** The figures now; the cost does not grow with the number of users. */
    PresenceStats stats();

    boolean isOnline(String userId);

    /** The user's connections now; empty if offline. */
    List<SessionInfo> sessions(String userId);

    /**
     * Users online now, the one whose id is {@code text} first. The one question here whose cost grows with the number of
     * users, so it is answered on another thread.
     *
     * @param text what their ids contain, in any letter case; empty for all
     * @param limit at most so many, 1 to 1,000
     */
    CompletionStage<List<OnlineUser>> online(String text, int limit);

    /**
     * Ends one connection. Its client is told so; an {@code EventSource} comes back by itself.
     *
     * @param userId whose
     * @param socketId which, as in {@link SessionInfo}
     * @return whether there was one on this node
     */
    boolean disconnect(String userId, String socketId);

    /** When the user's last connection closed, or now if online; empty if never seen by this node or long ago. */
    Optional<Instant> lastSeen(String userId);

    /** Where the user is, as {@code updateLocation} or the host said last. */
    Optional<GeoPoint> location(String userId);

    /**
     * Says where a user is, for {@link Audience.Nearby}.
     *
     * @param userId online or not
     * @param point where
     */
    void updateLocation(String userId, GeoPoint point);

    /**
     * Calls {@code listener} from now on.
     *
     * @return ends it
     */
    AutoCloseable listen(PresenceListener listener);
}
