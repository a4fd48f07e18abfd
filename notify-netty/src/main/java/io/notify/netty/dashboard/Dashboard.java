package io.notify.netty.dashboard;

import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpHandler;
import io.notify.netty.http.HttpReply;
import io.notify.netty.http.HttpRoutes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Serves the files of {@code /admin/} without authentication: they hold no data, which comes from endpoints that require an
 * ADMIN token. The content security policy forbids inline code and other origins. Internal to notify-netty.
 */
public final class Dashboard {
    private static final String PATH = "/admin/";
    private static final String INDEX = "index.html";
    private static final String JAVASCRIPT = "text/javascript; charset=UTF-8";
    private static final String CSS = "text/css; charset=UTF-8";
    private static final List<File> FILES = List.of(
            new File(INDEX, "text/html; charset=UTF-8"),
            new File("dashboard.css", CSS),
            new File("uPlot.min.css", CSS),
            new File("icon.svg", "image/svg+xml"),
            new File("preact.js", JAVASCRIPT),
            new File("uPlot.iife.min.js", JAVASCRIPT),
            new File("app.js", JAVASCRIPT),
            new File("server.js", JAVASCRIPT),
            new File("parts.js", JAVASCRIPT),
            new File("charts.js", JAVASCRIPT),
            new File("overview.js", JAVASCRIPT),
            new File("log.js", JAVASCRIPT),
            new File("online.js", JAVASCRIPT),
            new File("send.js", JAVASCRIPT));
    private static final Map<String, String> HEADERS = Map.of(
            "Cache-Control",
            "no-cache",
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Referrer-Policy",
            "no-referrer",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY");

    private Dashboard() {}

    /** Adds the files to the routes. Reads all of them, which takes some milliseconds. */
    public static void addTo(HttpRoutes.Builder routes) {
        // Relative, since a proxy may add a path prefix.
        routes.exact("/admin", exchange -> exchange.reply(HttpReply.empty(308).withHeader("Location", "admin/")));
        for (File file : FILES) {
            HttpHandler handler = handler(file);
            routes.exact(PATH + file.name(), handler);
            if (file.name().equals(INDEX)) {
                routes.exact(PATH, handler);
            }
        }
    }

    private static HttpHandler handler(File file) {
        byte[] content = read(file.name());
        String tag = "\"" + digest(content) + "\"";
        HttpReply whole = new HttpReply(200, file.type(), content, HEADERS).withHeader("ETag", tag);
        HttpReply same = new HttpReply(304, "", new byte[0], HEADERS).withHeader("ETag", tag);
        return exchange -> exchange.reply(
                isRead(exchange)
                        ? tag.equals(exchange.header("If-None-Match")) ? same : whole
                        : HttpReply.problem(405, "Allowed here: GET, HEAD").withHeader("Allow", "GET, HEAD"));
    }

    private static boolean isRead(HttpExchange exchange) {
        return exchange.method().equals("GET") || exchange.method().equals("HEAD");
    }

    private static byte[] read(String name) {
        try (InputStream in = Dashboard.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "dashboard file: " + name + " is missing (expected: next to this class)");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the dashboard file " + name, e);
        }
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing (expected: part of every Java platform)", e);
        }
    }

    private record File(String name, String type) {}
}
