package io.notify.jdbc;

import java.util.Locale;

/** Finds a text in any letter case, without a lower-case copy of everything it is looked for in. */
final class Texts {
    private final String text;
    private final char lower;
    private final char upper;

    Texts(String text) {
        this.text = text;
        this.lower = text.isEmpty() ? 0 : Character.toLowerCase(text.charAt(0));
        this.upper = text.isEmpty() ? 0 : Character.toUpperCase(text.charAt(0));
    }

    boolean isIn(String where) {
        return text.isEmpty()
                || found(where, lower)
                || (upper != lower && found(where, upper))
                // few letters change their length, or have three forms
                || (!isAscii() && where.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT)));
    }

    private boolean isAscii() {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private boolean found(String where, char first) {
        for (int at = where.indexOf(first); at >= 0; at = where.indexOf(first, at + 1)) {
            if (where.regionMatches(true, at, text, 0, text.length())) {
                return true;
            }
        }
        return false;
    }
}
