package io.notify;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/** What the build holds about the module's shape. */
@AnalyzeClasses(
        packages = "io.notify",
        importOptions = {ImportOption.DoNotIncludeTests.class, ImportOption.DoNotIncludeJars.class})
final class ArchitectureTest {
    /** The API and the SPI. Whoever adds to it adds to what hosts and adapters may rely on. */
    private static final Set<String> PUBLIC_TYPES = Set.of(
            // for applications
            "Audience",
            "Client",
            "EventHandler",
            "MetricSample",
            "Formatter",
            "Formatters",
            "GeoPoint",
            "InvalidNotificationException",
            "MalformedJsonException",
            "Notification",
            "PayloadSchemas",
            "NotificationService",
            "OnlineUser",
            "Presence",
            "Preview",
            "PresenceListener",
            "PresenceStats",
            "Priority",
            "RawJson",
            "Receipt",
            "RoomPolicy",
            "SendRefusedException",
            "ServiceHealth",
            "SessionInfo",
            "StrictJson",
            "Text",
            "Transport",
            // signing in
            "AuthenticationException",
            "Authenticator",
            "Identity",
            "JwtAuthenticator",
            "JwtIssuer",
            // history
            "Archive",
            "HistoryQuery",
            "Inbox",
            "LogFilter",
            "LogPage",
            "LogRow",
            "LogStats",
            "LogStory",
            "Story",
            // for transports
            "CloseReason",
            "ConnectRequest",
            "Connection",
            "ErrorCode",
            "Gateway",
            "KeyedRateLimiter",
            "Lane",
            "OutboundEvent",
            "Position",
            "Reply",
            "TransportSession",
            "WireFormat",
            // for the engine
            "GeoIndex",
            // for logs and buses
            "Appended",
            "Delivery",
            "DeliveryStatus",
            "DeliveryTimes",
            "LogEntry",
            "LogReader",
            "LogRecord",
            "LogSlice",
            "LogStretch",
            "LogUnavailableException",
            "MessageBus",
            "NotificationLog");

    @ArchTest
    static final ArchRule coreSeesNoNetworkAndNoDatabase = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.netty..",
                    "org.jdbi..",
                    "java.sql..",
                    "javax.sql..",
                    "com.zaxxer..",
                    "io.lettuce..",
                    "io.notify.netty..",
                    "io.notify.jdbc..",
                    "io.notify.redis..",
                    "io.notify.runner..");

    @ArchTest
    static final ArchRule whatIsOptionalIsNeededInTwoPlacesOnly = noClasses()
            .that()
            .haveNameNotMatching("io\\.notify\\.(Spans(\\$.*)?|NotificationService\\$Builder)")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.opentelemetry..")
            .because("a host need not have OpenTelemetry");

    @ArchTest
    static void whatIsPublicIsOnTheList(JavaClasses all) {
        Set<String> found = all.stream()
                .filter(c -> c.isTopLevelClass() && c.getModifiers().contains(PUBLIC))
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toSet());

        assertThat(found).isEqualTo(PUBLIC_TYPES);
    }

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule jsonStandsAlone = noClasses()
            .that()
            .resideInAPackage("io.notify.json")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.notify..").and(not(resideInAPackage("io.notify.json"))));

    @ArchTest
    static final ArchRule classesAreFinal = classes()
            .that()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .areNotAnonymousClasses()
            .should()
            .haveModifier(FINAL);

    @ArchTest
    static final ArchRule nothingStaticChanges =
            fields().that().areStatic().should().beFinal();

    @ArchTest
    static final ArchRule nothingStaticHoldsState = fields().that()
            .areStatic()
            .should()
            .notHaveRawType(assignableTo(ConcurrentMap.class)
                    .or(resideInAnyPackage("java.util.concurrent.atomic", "com.github.benmanes.caffeine..")));
}
