package io.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** A host that has no OpenTelemetry needs none. */
class WithoutOpenTelemetryTest {
    @Test
    void aServiceSendsWithoutItOnTheClassPath() throws Exception {
        try (URLClassLoader loader = new URLClassLoader(classPathWithoutIt(), ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> loader.loadClass("io.opentelemetry.api.OpenTelemetry"))
                    .isInstanceOf(ClassNotFoundException.class);
            Class<?> host = loader.loadClass(Host.class.getName());

            Object sent = ((Callable<?>) host.getConstructor().newInstance()).call();

            assertThat(host).isNotSameAs(Host.class);
            assertThat(sent).isEqualTo("stored and delivered to 1");
        }
    }

    private static URL[] classPathWithoutIt() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.contains("opentelemetry")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return urls.toArray(URL[]::new);
    }

    /** Loaded anew, with all that it uses. */
    public static final class Host implements Callable<String> {
        @Override
        public String call() {
            try (TestNode node = new TestNode()) {
                TestNode.Peer ann = node.connect("ann");
                Receipt receipt = node.service.send(Audience.user("ann"), "n", Map.of());
                node.settle();
                String stored = receipt.position() == null ? "not stored" : "stored";
                return stored + " and delivered to " + ann.session.events("n").size();
            }
        }
    }
}
