package io.notify.jdbc;

/** What ends a statement that takes too long on a database that still answers. */
enum QueryTimeout {
    /** JDBC's own, set for each statement. */
    STATEMENT,
    /** JDBC's own, which stays with the session until set again: H2. */
    SESSION,
    /**
     * PostgreSQL's {@code statement_timeout}, set when our pool makes a connection. JDBC's own would send a cancel over
     * another connection, and wait for it long after the network has fallen silent.
     */
    SERVER,
    /** SQLite's progress handler, which asks the deadline now and then while a statement runs. */
    PROGRESS
}
