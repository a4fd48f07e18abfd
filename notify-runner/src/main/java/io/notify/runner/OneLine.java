package io.notify.runner;

/** Text for a terminal: one line of at most {@value #MAX} characters, nothing in it moves the cursor or turns text round. */
final class OneLine {
    private static final int MAX = 500;

    private OneLine() {}

    static String of(String text) {
        var line = new StringBuilder();
        text.codePoints().limit(MAX).forEach(point -> {
            if (isVisible(point)) {
                line.appendCodePoint(point);
            } else {
                line.append(String.format("\\u%04x", point));
            }
        });
        return line.toString();
    }

    static boolean isVisible(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
