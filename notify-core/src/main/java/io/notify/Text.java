package io.notify;

/**
 * What a person reads of a notification.
 *
 * @param title a line
 * @param message a sentence or two
 */
public record Text(String title, String message) {}
