package io.notify.jwt;

/** A token's SHA-256, which stands for it so that no token lies about in memory. */
record TokenHash(long a, long b, long c, long d) {}
