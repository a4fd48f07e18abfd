package io.notify.benchmarks.load;

import java.util.concurrent.TimeUnit;

/**
 * To whom the note of a number goes, and when; a pure function of the number. Numbers count from 0.
 *
 * @param toEveryone else to one user in turn
 * @param lanes senders; number n is sent by the one of n modulo their count
 * @param perSecond at fixed times; 0 for as soon as the lane's former one has come to all
 */
record Traffic(boolean toEveryone, int clients, int lanes, int perSecond, boolean durable) {
    private static final String TEXT = "x".repeat(60);

    /** How many clients get each. */
    int fanOut() {
        return toEveryone ? clients : 1;
    }

    boolean isFor(long number, int client) {
        return toEveryone || number % clients == client;
    }

    /** Its place among those that its client gets, from 0 without holes. */
    int place(long number) {
        return Math.toIntExact(toEveryone ? number : number / clients);
    }

    boolean isPaced() {
        return perSecond > 0;
    }

    /** @param began when number 0 is due, by {@link System#nanoTime} */
    long due(long number, long began) {
        return began + number * TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    /** What is sent to {@code POST /notifications}. */
    String body(Note note) {
        String audience = toEveryone ? "{\"everyone\":true}" : "{\"user\":\"" + note.number() % clients + "\"}";
        return "{\"audience\":" + audience + ",\"event\":\"" + Note.EVENT
                + "\",\"title\":\"Build finished\",\"message\":\"\",\"durable\":" + durable + ",\"data\":"
                + note.json(TEXT)
                + "}";
    }
}
