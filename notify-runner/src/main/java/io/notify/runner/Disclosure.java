package io.notify.runner;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** How much of a setting's text may be shown. */
enum Disclosure {
    WHOLE,
    /** A URL without the users and passwords that may stand in it. */
    URL,
    /** Only how long it is: somebody may have put a private key or a password there. */
    LENGTH;

    private static final Pattern AUTHORITY = Pattern.compile("//[^/]*@");
    private static final Pattern PARAMETER =
            Pattern.compile("(?i)([?&;][^=?&;]*(?:user|pass|pwd|secret|token|key)[^=?&;]*=)[^&;]*");

    String show(String text) {
        return OneLine.of(
                switch (this) {
                    case WHOLE -> text;
                    case URL ->
                        PARAMETER
                                .matcher(AUTHORITY.matcher(text).replaceAll("//***@"))
                                .replaceAll("$1***");
                    case LENGTH -> text.getBytes(StandardCharsets.UTF_8).length + " bytes";
                });
    }
}
