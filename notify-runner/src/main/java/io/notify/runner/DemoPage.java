package io.notify.runner;

import io.notify.netty.NotifyServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The pages of {@code examples/browser}, which dev mode serves at the root; every file of them is in the jar. */
final class DemoPage {
    private static final String INDEX = "index.html";
    private static final List<File> FILES = List.of(
            new File(INDEX, "text/html; charset=UTF-8"),
            new File("demo.css", "text/css; charset=UTF-8"),
            new File("demo.js", "text/javascript; charset=UTF-8"),
            new File("inbox.html", "text/html; charset=UTF-8"),
            new File("inbox.css", "text/css; charset=UTF-8"),
            new File("inbox.js", "text/javascript; charset=UTF-8"),
            new File("socket.io.min.js", "text/javascript; charset=UTF-8"));

    private DemoPage() {}

    static void addTo(NotifyServer.Builder server) {
        for (File file : FILES) {
            byte[] content = read(file.name());
            server.file("/" + file.name(), file.type(), content);
            if (file.name().equals(INDEX)) {
                server.file("/", file.type(), content);
            }
        }
    }

    private static byte[] read(String name) {
        try (InputStream in = DemoPage.class.getResourceAsStream("/browser/" + name)) {
            if (in == null) {
                throw new IllegalStateException("browser/" + name + " is missing from this build");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("browser/" + name + " cannot be read", e);
        }
    }

    private record File(String name, String type) {}
}
