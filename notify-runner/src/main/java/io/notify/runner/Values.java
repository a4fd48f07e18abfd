package io.notify.runner;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * The settings' texts, where the environment wins over the file; an empty text is the same as none, as Compose files write
 * a variable that is not set.
 */
record Values(Map<String, String> environment, Map<String, String> file) {
    /** Lies in the working directory; need not exist. */
    static final String FILE = "notify.properties";

    Values {
        environment = Map.copyOf(environment);
        file = Map.copyOf(file);
    }

    /**
     * Reads the environment and the file.
     *
     * @throws ConfigurationException if the file cannot be read or names a setting that there is not
     */
    static Values read(Map<String, String> environment, Path directory) {
        Path path = directory.resolve(FILE);
        var properties = new Properties();
        if (Files.exists(path)) {
            try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw ConfigurationException.of(FILE, "cannot be read", "lines NAME=value in UTF-8");
            }
        }
        // the environment is full of what is not ours; the file is not, so a name that nobody reads is a slip
        properties.stringPropertyNames().stream()
                .filter(name -> Settings.ALL.stream().noneMatch(s -> s.name().equals(name)))
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    throw ConfigurationException.of(FILE, name, "only settings that --help lists");
                });
        return new Values(
                environment,
                properties.stringPropertyNames().stream()
                        .collect(Collectors.toMap(name -> name, properties::getProperty)));
    }

    Optional<String> text(Setting<?> setting) {
        return nonEmpty(environment, setting).or(() -> nonEmpty(file, setting));
    }

    String origin(Setting<?> setting) {
        return nonEmpty(environment, setting)
                .map(t -> "environment")
                .or(() -> nonEmpty(file, setting).map(t -> FILE))
                .orElse("default");
    }

    <T> Optional<T> find(Setting<T> setting) {
        return text(setting).or(() -> Optional.ofNullable(setting.fallback())).map(setting::parse);
    }

    /** For settings that have a fallback. */
    <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow();
    }

    private static Optional<String> nonEmpty(Map<String, String> texts, Setting<?> setting) {
        return Optional.ofNullable(texts.get(setting.name())).filter(text -> !text.isEmpty());
    }
}
