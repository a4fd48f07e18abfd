package io.notify.runner;

/** The levels that {@code LOG_LEVEL} takes; each includes those before it. */
enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE;

    /** What libraries may say: their start-up stories are of no use to an operator, only to who looks for a fault. */
    LogLevel ofLibraries() {
        return switch (this) {
            case ERROR -> ERROR;
            case WARN, INFO -> WARN;
            case DEBUG, TRACE -> INFO;
        };
    }
}
