package io.notify.runner;

/** What {@code LOG_FORMAT} takes. */
enum LogFormat {
    /** A line for people. */
    TEXT,
    /** A JSON object on each line, with what is known as fields of its own. */
    JSON
}
