package io.notify;

/** A notification that can never be sent as it is; {@link #field()} names the part to mend. Nothing was stored. */
public final class InvalidNotificationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private final String field;
    private final String expectation;

    /**
     * Names the field and what was expected of it.
     *
     * @param field dotted name within the send body, such as {@code audience.user} or {@code data}
     * @param message what is wrong and what was expected
     */
    public InvalidNotificationException(String field, String message) {
        super(field + ": " + message);
        this.field = field;
        this.expectation = message;
    }

    /** What was expected of the field. */
    public String expectation() {
        return expectation;
    }

    /** The same fault of an element of a list. */
    InvalidNotificationException at(String element) {
        return new InvalidNotificationException(element + "." + field, expectation);
    }

    /** The dotted name of the field. */
    public String field() {
        return field;
    }
}
