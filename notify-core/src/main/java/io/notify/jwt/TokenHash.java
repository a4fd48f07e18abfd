package io.notify.jwt;

/** A token's SHA-256. It replaces the token as a key, so that tokens do not stay in memory. */
record TokenHash(long a, long b, long c, long d) {}
