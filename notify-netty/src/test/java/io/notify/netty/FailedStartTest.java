package io.notify.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailedStartTest {
    private static final int STARTS = 20;

    /** Each event loop has some; so many failed starts would leave ten times as many. */
    private static final int NOISE = 20;

    @BeforeEach
    void descriptorsCanBeCounted() {
        assumeThat(ManagementFactory.getOperatingSystemMXBean()).isInstanceOf(UnixOperatingSystemMXBean.class);
    }

    private static long descriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    @Test
    void aPortThatIsTakenIsNamedAndNothingStaysOpen() {
        try (TestServer server = new TestServer()) {
            NotifyServer.Builder second = NotifyServer.builder(server.service)
                    .host("127.0.0.1")
                    .port(server.server.port())
                    .eventLoops(4);
            assertThatThrownBy(second::start)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("port " + server.server.port());
            long before = descriptors();

            for (int i = 0; i < STARTS; i++) {
                assertThatThrownBy(second::start).isInstanceOf(UncheckedIOException.class);
            }

            assertThat(descriptors()).isLessThan(before + NOISE);
        }
    }

    @Test
    void aFileInThePlaceOfAnEndpointIsNamedAndNothingStaysOpen() {
        try (TestServer server = new TestServer()) {
            NotifyServer.Builder inTheWay = NotifyServer.builder(server.service)
                    .port(0)
                    .eventLoops(4)
                    .file("/notifications/sse", "text/plain", new byte[0]);
            long before = descriptors();

            for (int i = 0; i < STARTS; i++) {
                assertThatThrownBy(inTheWay::start)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("/notifications/sse");
            }

            assertThat(descriptors()).isLessThan(before + NOISE);
        }
    }
}
