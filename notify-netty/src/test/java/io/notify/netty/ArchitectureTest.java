package io.notify.netty;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the build holds about the module's shape. */
@AnalyzeClasses(packages = "io.notify.netty", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule codecsSeeNoChannel = noClasses()
            .that()
            .haveNameMatching(
                    "io\\.notify\\.netty\\.(engineio\\.(EnginePacket|EnginePayload|EncodedPacket|EngineRequest"
                            + "|EngineError|OpenPacket|MalformedPacketException)"
                            + "|socketio\\.(SocketPacket|PacketDecoder|PacketAssembler|PacketEncoder|ConnectError)"
                            + "|http\\.WebSocketFrames)(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..")
            .because("codecs are functions between bytes and values");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.notify.netty.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule partsDoNotSeeTheWhole = noClasses()
            .that()
            .resideInAPackage("io.notify.netty.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.notify.netty");

    @ArchTest
    static final ArchRule httpKnowsNobodyAbove = noClasses()
            .that()
            .resideInAPackage("io.notify.netty.http")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.notify.netty.engineio", "io.notify.netty.socketio");

    @ArchTest
    static final ArchRule engineKnowsNoSocketIo = noClasses()
            .that()
            .resideInAPackage("io.notify.netty.engineio")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.notify.netty.socketio");

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
    static final ArchRule nothingStaticHoldsState = com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields()
            .that()
            .areStatic()
            .should()
            .beFinal();
}
