package io.notify;

/** Strips the {@code Bearer} scheme from a token (RFC 6750, section 2.1). */
final class BearerToken {
    private static final String SCHEME = "bearer";

    private BearerToken() {}

    /** Returns the token without the scheme, whose case does not matter. */
    static String withoutScheme(String token) {
        String text = token.strip();
        boolean hasScheme = text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && (text.length() == SCHEME.length() || text.charAt(SCHEME.length()) == ' ');
        return hasScheme ? text.substring(SCHEME.length()).strip() : text;
    }
}
