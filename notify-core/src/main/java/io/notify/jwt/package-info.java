/** Signing in with JSON Web Tokens: an {@link io.notify.Authenticator} that verifies them, and an issuer of them. */
@NullMarked
package io.notify.jwt;

import org.jspecify.annotations.NullMarked;
