package io.notify;

/** Told when a user comes online or goes offline. Called on the service's handler executor, in order for each user. */
public interface PresenceListener {
    /** The user's first connection opened. */
    default void online(String userId) {}

    /** The user's last connection closed. */
    default void offline(String userId) {}
}
