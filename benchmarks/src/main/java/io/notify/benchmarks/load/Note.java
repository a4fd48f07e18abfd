package io.notify.benchmarks.load;

import org.jspecify.annotations.Nullable;

/**
 * What is measured on its way: a notification that carries its number and its time.
 *
 * @param sentAt when it was sent, or should have been, by this process's {@link System#nanoTime}
 */
record Note(long number, long sentAt) {
    static final String EVENT = "note";

    private static final String NUMBER = "\"number\":";
    private static final String SENT_AT = "\"sentAt\":";

    String json(String text) {
        return "{" + NUMBER + number + "," + SENT_AT + sentAt + ",\"text\":\"" + text + "\"}";
    }

    /** Finds one by its two figures, whatever the transport wrote around them; null if there is none. */
    static @Nullable Note in(String text) {
        int number = text.indexOf(NUMBER);
        int sentAt = text.indexOf(SENT_AT, number);
        if (number < 0 || sentAt < 0) {
            return null;
        }
        return new Note(digits(text, number + NUMBER.length()), digits(text, sentAt + SENT_AT.length()));
    }

    private static long digits(String text, int from) {
        boolean negative = from < text.length() && text.charAt(from) == '-';
        long value = 0;
        for (int i = negative ? from + 1 : from; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }
}
