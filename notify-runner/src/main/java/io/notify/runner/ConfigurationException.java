package io.notify.runner;

/** A start that cannot go on; its message is one line that names the thing, its value and what was expected. */
final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConfigurationException(String message) {
        // no stack trace: the reader is an operator, and a cause's message could hold what must not be shown
        super(OneLine.of(message), null, false, false);
    }

    static ConfigurationException of(String thing, String value, String expected) {
        return new ConfigurationException(thing + ": " + value + " (expected: " + expected + ")");
    }
}
