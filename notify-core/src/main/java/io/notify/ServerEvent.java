package io.notify;

/** The events that a service sends unsolicited, besides notifications. The answers to a client's events are in {@link ClientEvent}. */
enum ServerEvent {
    CONNECTED("connected"),
    NOTIFICATION_READ("notificationRead"),
    TOKEN_EXPIRING("tokenExpiring"),
    GAP("gap"),
    HEARTBEAT("heartbeat"),
    ERROR("error");

    private final String wireName;

    ServerEvent(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }
}
