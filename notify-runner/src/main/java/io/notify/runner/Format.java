package io.notify.runner;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Turns a text into a value or refuses it, by the rule that {@code expected} puts into words.
 *
 * @param expected what it takes, in the words a refusal and the table of settings use
 * @param parser empty means refused; never throws
 */
record Format<T>(String expected, Function<String, Optional<T>> parser) {
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]{1,253}");
    private static final Pattern ORIGIN =
            Pattern.compile("https?://[a-z0-9._-]+(:[0-9]{1,5})?|https?://\\[[0-9a-f:]+](:[0-9]{1,5})?");
    private static final List<String> DATABASES = List.of("jdbc:sqlite:", "jdbc:postgresql:", "jdbc:mariadb:");
    private static final List<String> OWNED_ROOMS = List.of("user:", "role:", "session:");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int MAX_TEXT = 255;

    static Format<Integer> integer(int min, int max) {
        return number("a whole number", min, max, Math::toIntExact);
    }

    static Format<Integer> bytes(int min, int max) {
        return number("bytes,", min, max, Math::toIntExact);
    }

    static Format<Duration> millis(int min, int max) {
        return number("milliseconds,", min, max, Duration::ofMillis);
    }

    private static <T> Format<T> number(String what, long min, long max, Function<Long, T> value) {
        return new Format<>(
                what + " from " + min + " to " + max,
                text -> Optional.of(text.strip())
                        .filter(t -> WHOLE.matcher(t).matches())
                        .map(Long::valueOf)
                        .filter(n -> n >= min && n <= max)
                        .map(value));
    }

    /** A span of time with its unit, as {@code 7d}. */
    static Format<Duration> duration(String min, String max) {
        Duration least = span(min).orElseThrow();
        Duration most = span(max).orElseThrow();
        return new Format<>(
                "a number and ms, s, m, h or d, as 7d, from " + min + " to " + max,
                text -> span(text.strip()).filter(d -> d.compareTo(least) >= 0 && d.compareTo(most) <= 0));
    }

    private static Optional<Duration> span(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        // 12 digits of days fit Duration's seconds
        return Optional.ofNullable(UNITS.get(parts.group(2))).map(u -> u.multipliedBy(Long.parseLong(parts.group(1))));
    }

    /** One of an enum's names, in whatever case. */
    static <E extends Enum<E>> Format<E> oneOf(Class<E> type) {
        List<E> all = Arrays.asList(type.getEnumConstants());
        String names = all.stream().map(Format::name).collect(Collectors.joining(", "));
        return new Format<>(
                "one of " + names,
                text -> all.stream()
                        .filter(e -> name(e).equals(text.strip().toLowerCase(Locale.ROOT)))
                        .findFirst());
    }

    static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Text without control characters. */
    static Format<String> text() {
        return new Format<>(
                "1 to " + MAX_TEXT + " visible characters",
                text -> Optional.of(text).filter(Format::isVisible));
    }

    static Format<Secret> password() {
        return new Format<>(
                "1 to " + MAX_TEXT + " visible characters",
                text -> Optional.of(text).filter(Format::isVisible).map(Secret::new));
    }

    static Format<Secret> key() {
        return new Format<>(
                "at least " + Secret.MIN_BYTES + " bytes of UTF-8",
                text -> Optional.of(new Secret(text)).filter(s -> s.bytes() >= Secret.MIN_BYTES));
    }

    static Format<String> host() {
        return new Format<>(
                "an IP address or a host name",
                text -> Optional.of(text.strip()).filter(t -> HOST.matcher(t).matches()));
    }

    static Format<String> database() {
        return new Format<>(
                "a JDBC URL that begins with one of " + String.join(", ", DATABASES),
                text -> Optional.of(text.strip())
                        .filter(t -> DATABASES.stream().anyMatch(p -> t.startsWith(p) && t.length() > p.length()))
                        .filter(t -> t.codePoints().allMatch(OneLine::isVisible)));
    }

    static Format<List<String>> origins() {
        return list(
                "origins as https://app.example or http://localhost:5173, separated by commas; * for all, without cookies",
                origin -> origin.equals("*")
                        || ORIGIN.matcher(origin.toLowerCase(Locale.ROOT)).matches());
    }

    static Format<List<String>> roomPatterns() {
        return list(
                "room names, separated by commas, job:* for a prefix; none of user:, role:, session:",
                room -> isVisible(room)
                        && room.codePoints().noneMatch(Character::isSpaceChar)
                        && (room.indexOf('*') < 0 || room.indexOf('*') == room.length() - 1)
                        && OWNED_ROOMS.stream().noneMatch(room::startsWith));
    }

    private static Format<List<String>> list(String expected, Predicate<String> element) {
        return new Format<>(
                expected,
                text -> Optional.of(Arrays.stream(text.split(",", -1))
                                .map(String::strip)
                                .toList())
                        .filter(all -> all.stream().allMatch(element)));
    }

    /** Where keys come from: over TLS, or from this machine, since whoever answers decides who may sign in. */
    static Format<URI> jwks() {
        return new Format<>(
                "an https URL without a user (http only for localhost)",
                text -> uri(text.strip())
                        .filter(u -> u.getHost() != null && u.getRawUserInfo() == null && u.getRawFragment() == null)
                        .filter(u -> "https".equals(u.getScheme())
                                || ("http".equals(u.getScheme()) && LOOPBACK.contains(u.getHost()))));
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean isVisible(String text) {
        return !text.isBlank() && text.length() <= MAX_TEXT && text.codePoints().allMatch(OneLine::isVisible);
    }
}
