package io.notify;

/**
 * What a send would do now, had it been one.
 *
 * @param payload what each client would receive, UTF-8 JSON; id and time are samples; not to be changed
 * @param users how many users an audience that is a list has now; 0 for any other
 * @param connections how many connections of this node would be handed it
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Preview(byte[] payload, int users, int connections) {}
