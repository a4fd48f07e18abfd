package io.notify.runner;

import io.notify.jwt.JwtIssuer;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints one token and nothing else, so that a shell can take it as it is; whatever there is to say besides goes to stderr. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "Mint a token (HS256) with JWT_SECRET, or with the development secret of this directory.")
final class TokenCommand implements Callable<Integer> {
    private static final Setting<Duration> EXPIRES_IN = Setting.of(
            "--expires-in", Settings.JWT_EXPIRES_IN.format(), "", "How long the token lasts; default: JWT_EXPIRES_IN.");

    @Option(names = "--sub", required = true, paramLabel = "USER", description = "The user it is for.")
    private String subject = "";

    @Option(names = "--role", paramLabel = "ROLE", description = "A role, as ADMIN or SERVICE; may be repeated.")
    private Set<String> roles = new LinkedHashSet<>();

    @Option(names = "--sid", paramLabel = "SESSION", description = "The session; default: a new one per connection.")
    private @Nullable String sessionId;

    @Option(names = "--expires-in", paramLabel = "TIME", description = "As 15m or 7d; default: JWT_EXPIRES_IN.")
    private @Nullable String expiresIn;

    private final CommandStreams streams;

    TokenCommand(CommandStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        Configuration configuration = streams.configuration();
        Keys keys = streams.keys(configuration);
        JwtIssuer issuer = keys.issuer(configuration.signIn(), streams.clock())
                .orElseThrow(() -> ConfigurationException.of(
                        "token", "the private key is not here", "JWT_SECRET instead of JWT_PUBLIC_KEY or JWKS_URL"));
        Duration lifetime = Optional.ofNullable(expiresIn)
                .map(EXPIRES_IN::parse)
                .orElse(configuration.signIn().tokenLifetime());
        try {
            streams.out().println(issuer.mint(subject, roles, sessionId, lifetime));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("token: " + e.getMessage());
        }
        // a server that was started elsewhere has a secret of its own and answers this token with 401
        keys.dev()
                .filter(DevSecret::isNew)
                .ifPresent(
                        dev -> streams.err()
                                .println(
                                        "token: made a secret, " + dev.path()
                                                + ", as there was none here; only a server of this directory and DATABASE_URL has the same"));
        return 0;
    }
}
