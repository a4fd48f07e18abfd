package io.notify.jdbc;

/** What an answer of {@code append} promises. */
public enum Durability {
    /** The rows survive the end of this process by whatever means, {@code kill -9} included. */
    PROCESS,
    /**
     * The rows survive the loss of power too. SQLite syncs each batch; PostgreSQL and MariaDB servers must be set to do so,
     * which is their default and is checked when the log is opened. H2 is refused.
     */
    POWER
}
