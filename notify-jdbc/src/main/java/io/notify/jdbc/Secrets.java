package io.notify.jdbc;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** No message or cause that passed through here contains a password of the configuration. */
final class Secrets {
    private static final String MASK = "***";
    private static final Pattern IN_PARAMETER =
            Pattern.compile("[?&;](?:password|pass|pwd)=([^&;]*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern IN_USER_INFO = Pattern.compile("//[^/@?;]*:([^/@?;]*)@");
    private static final int MAX_MESSAGE = 300;

    private final List<String> secrets;

    Secrets(String url, @Nullable String password) {
        Stream<String> inUrl = Stream.of(IN_PARAMETER, IN_USER_INFO)
                .flatMap(pattern -> pattern.matcher(url).results().map(match -> match.group(1)))
                .flatMap(secret -> Stream.of(secret, decoded(secret)));
        this.secrets = Stream.concat(inUrl, Stream.ofNullable(password))
                .filter(secret -> !secret.isEmpty())
                .distinct()
                .sorted((a, b) -> b.length() - a.length())
                .toList();
    }

    private static String decoded(String secret) {
        try {
            return URLDecoder.decode(secret, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return secret; // was not encoded
        }
    }

    /** The message on one line without secrets, at most 300 characters. */
    String clean(@Nullable String message) {
        String clean = message == null ? "no message" : message;
        for (String secret : secrets) {
            // a short one would be found in innocent words, but no message is worth a password
            clean = clean.replace(secret, MASK);
        }
        clean = clean.replaceAll("\\s+", " ").strip();
        return clean.length() <= MAX_MESSAGE ? clean : clean.substring(0, MAX_MESSAGE) + "…";
    }

    /** The same throwable if it and its causes are clean, else what is left of it without them. */
    Throwable clean(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String text = t.toString();
            if (secrets.stream().anyMatch(text::contains)) {
                SQLException sql = Failures.sql(failure);
                return sql == null
                        ? new SQLException(clean(failure.getMessage()))
                        : new SQLException(clean(sql.getMessage()), sql.getSQLState(), sql.getErrorCode());
            }
        }
        return failure;
    }
}
