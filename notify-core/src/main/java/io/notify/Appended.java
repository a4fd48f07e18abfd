package io.notify;

import java.util.UUID;

/** What became of one {@link LogEntry}. */
public sealed interface Appended {
    /** It is in the log and will survive what the log's durability promises. */
    record Stored(Position position) implements Appended {}

    /** The key was used with the same content: this is the first one. */
    record Duplicate(UUID id, Position position) implements Appended {}

    /** The key was used with other content; nothing was stored. */
    record Conflict() implements Appended {}

    /** This row alone could not be stored; the others of its batch were. */
    record Rejected(String reason) implements Appended {}
}
