package io.notify;

/**
 * How a service is.
 *
 * @param logAvailable whether the last use of the log succeeded
 * @param queuedSends durable sends that wait for the log
 * @param pendingStatuses delivery statuses not yet written back
 * @param rooms rooms with a member
 * @param presenceBytes what is kept of who is online and in which rooms, estimated
 * @param accepting whether a durable send would be taken now: the log is available and the queue has room
 */
public record ServiceHealth(
        boolean logAvailable, int queuedSends, int pendingStatuses, int rooms, long presenceBytes, boolean accepting) {}
