package io.notify.json;

/**
 * A JSON value as UTF-8 text, which reaches the client unchanged, byte for byte. The text is not checked here; the transports
 * check with {@link StrictJson}. The bytes are not copied: do not change them.
 *
 * @param utf8 the text, without white space around it
 */
@SuppressWarnings("ArrayRecordComponent") // a value that is handed on, never compared
public record RawJson(byte[] utf8) {}
