package io.notify;

/**
 * A place in the totally ordered notification log: everything at or below it has been seen by whoever holds it.
 *
 * <p>Its text form, {@code epoch-seq}, is the one cursor of every transport: Socket.IO's recovery offset, the SSE
 * {@code id}, {@code since=} of a plain WebSocket, the {@code resume} event and {@code GET /notifications?after=}.
 *
 * @param epoch names one unbroken life of the log, 1 to 32 characters of {@code a-z0-9}; positions of different epochs
 *     do not compare
 * @param seq number of the row within the epoch, 0 (before the first row) or greater
 */
public record Position(String epoch, long seq) {
    private static final int MAX_EPOCH = 32;
    private static final int MAX_DIGITS = 18;

    public Position {
        if (!isEpoch(epoch)) {
            throw new IllegalArgumentException("position epoch: not 1 to 32 characters of a-z0-9");
        }
        if (seq < 0) {
            throw new IllegalArgumentException("position seq: " + seq + " (expected: >= 0)");
        }
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException if {@code text} is not {@code epoch-seq}
     */
    public static Position parse(String text) {
        int dash = text.indexOf('-');
        int digits = text.length() - dash - 1;
        if (dash < 1 || digits < 1 || digits > MAX_DIGITS || !isDigits(text, dash + 1)) {
            throw new IllegalArgumentException("position: not of the form epoch-seq");
        }
        return new Position(text.substring(0, dash), Long.parseLong(text.substring(dash + 1)));
    }

    private static boolean isEpoch(String s) {
        if (s.isEmpty() || s.length() > MAX_EPOCH) {
            return false;
        }
        return s.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
    }

    private static boolean isDigits(String s, int from) {
        for (int i = from; i < s.length(); i++) {
            if (s.charAt(i) < '0' || s.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return epoch + "-" + seq;
    }
}
