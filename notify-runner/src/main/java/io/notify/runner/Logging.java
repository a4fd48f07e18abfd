package io.notify.runner;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Every event is one line on stderr; stdout is for what a command answers.
 *
 * <p>In Java and not in XML, whose parser costs a start a tenth of its time. An operator's own file still counts:
 * {@code -Dlogback.configurationFile}. Logback makes one by its name in {@code META-INF/services}, on the thread that asks
 * for the first logger.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class Logging extends ContextAwareBase implements Configurator {
    private static final String OWN_FILE = "logback.configurationFile";
    private static final String LEVEL = "notify.log.level";
    private static final String FORMAT = "notify.log.format";
    private static final List<String> LIBRARIES = List.of("com.zaxxer.hikari", "org.flywaydb", "io.netty");

    /** One line for each event, its stack trace included; nothing that came from outside begins another or moves the cursor. */
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level [%thread] %logger{30} - "
            + "%replace(%replace(%msg%replace( %kvp){'^ $', ''}%replace( | %ex){'^ \\| $', ''}){'\\r?\\n\\t*', ' | '})"
            + "{'[\\p{Cntrl}\\u202A-\\u202E\\u2066-\\u2069]', '?'}%nopex%n";

    /** For logback. */
    public Logging() {}

    /** Leaves word for the one that logback will make: the level may come from a file, so the environment alone would not do. */
    static void choose(LogLevel level, LogFormat format) {
        System.setProperty(LEVEL, level.name());
        System.setProperty(FORMAT, format.name());
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty(OWN_FILE) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        LogLevel level = LogLevel.valueOf(System.getProperty(LEVEL, LogLevel.INFO.name()));
        LogFormat format = LogFormat.valueOf(System.getProperty(FORMAT, LogFormat.TEXT.name()));
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setName(Format.name(format));
        console.setTarget("System.err");
        console.setEncoder(encoder(context, format));
        console.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(level.name()));
        root.addAppender(console);
        for (String library : LIBRARIES) {
            context.getLogger(library)
                    .setLevel(Level.toLevel(level.ofLibraries().name()));
        }
        // who registers a schema that is none is told so
        context.getLogger("com.networknt.schema").setLevel(Level.OFF);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format) {
        return switch (format) {
            case TEXT -> {
                var text = new PatternLayoutEncoder();
                text.setContext(context);
                text.setCharset(StandardCharsets.UTF_8);
                text.setPattern(PATTERN);
                text.start();
                yield text;
            }
            case JSON -> {
                var json = new JsonEncoder();
                json.setContext(context);
                json.setWithFormattedMessage(true);
                json.setWithMessage(false);
                json.setWithArguments(false);
                json.setWithContext(false);
                json.setWithSequenceNumber(false);
                json.setWithNanoseconds(false);
                json.setWithMarkers(false);
                json.setWithMDC(false);
                json.start();
                yield json;
            }
        };
    }
}
