package io.notify.runner;

import java.util.stream.Collectors;

/** Shows the settings; no text in it is a secret. */
final class SettingsTable {
    private SettingsTable() {}

    /** For the README. */
    static String markdown() {
        return Settings.ALL.stream()
                .map(s -> "| `%s` | %s | %s | %s |\n"
                        .formatted(s.name(), s.unset(), s.format().expected(), s.description()))
                .collect(Collectors.joining("", "| variable | default | takes | what for |\n|---|---|---|---|\n", ""));
    }

    /** For {@code --help}. */
    static String help() {
        return Settings.ALL.stream()
                .map(s -> "  %s (default %s)\n      %s\n      %s\n"
                        .formatted(
                                s.name(), s.unset(), s.description(), s.format().expected()))
                .collect(Collectors.joining());
    }

    /** What is used, and where it was said. */
    static String effective(Values values) {
        return Settings.ALL.stream().map(s -> line(s, values)).collect(Collectors.joining());
    }

    private static String line(Setting<?> setting, Values values) {
        String shown = values.text(setting)
                .map(text -> setting.disclosure().show(text))
                .orElse(setting.unset());
        return "%-28s%-18s%s\n".formatted(setting.name(), values.origin(setting), shown);
    }
}
