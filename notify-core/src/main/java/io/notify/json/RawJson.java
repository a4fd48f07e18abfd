package io.notify.json;

/**
 * One JSON value as UTF-8 text that reaches the client unchanged, byte for byte. Whoever makes one vouches that it has
 * been checked; {@link StrictJson} is what the transports check with. The bytes are not copied: do not change them.
 *
 * @param utf8 the text, without white space around it
 */
@SuppressWarnings("ArrayRecordComponent") // a value that is handed on, never compared
public record RawJson(byte[] utf8) {}
