package io.notify;

/**
 * How a service is.
 *
 * @param logAvailable whether the last use of the log succeeded
 * @param queuedSends durable sends that wait for the log
 * @param pendingStatuses delivery statuses not yet written back
 * @param rooms rooms with a member
 */
public record ServiceHealth(boolean logAvailable, int queuedSends, int pendingStatuses, int rooms) {}
