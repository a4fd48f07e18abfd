package io.notify.netty.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.notify.netty.TestServer;
import io.notify.netty.TestServer.Answer;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The files of the operators' page as a browser gets them. */
class DashboardTest {
    private static final int MAX_BYTES = 150_000;
    private static final Pattern LINKED = Pattern.compile("(?:src|href)=\"([^\"#?/:]+)\"|from \"\\./([^\"]+)\"");

    @Test
    void everyFileIsServedUnderAStrictPolicyAndAllAreSmall() {
        try (TestServer server = new TestServer()) {
            Answer index = server.get("/admin/", null);
            assertThat(index.status()).isEqualTo(200);
            assertThat(index.header("content-type")).isEqualTo("text/html; charset=UTF-8");
            assertThat(index.header("content-security-policy"))
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(index.header("x-content-type-options")).isEqualTo("nosniff");
            assertThat(index.header("referrer-policy")).isEqualTo("no-referrer");
            assertThat(index.body()).doesNotContainPattern("<script>|<style|style=|\\son[a-z]+=");

            Set<String> files = new LinkedHashSet<>();
            collect(server, "index.html", files);
            assertThat(files).contains("app.js", "preact.js", "uPlot.iife.min.js", "dashboard.css", "icon.svg");
            int bytes = files.stream()
                    .mapToInt(file -> server.get("/admin/" + file, null)
                            .body()
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8)
                            .length)
                    .sum();
            assertThat(bytes).isLessThan(MAX_BYTES);
        }
    }

    private static void collect(TestServer server, String file, Set<String> files) {
        if (!files.add(file)) {
            return;
        }
        Answer answer = server.get("/admin/" + file, null);
        assertThat(answer.status()).as(file).isEqualTo(200);
        Matcher linked = LINKED.matcher(answer.body());
        while (linked.find()) {
            collect(server, linked.group(1) == null ? linked.group(2) : linked.group(1), files);
        }
    }

    @Test
    void anUnchangedFileIsNotSentAgain() {
        try (TestServer server = new TestServer()) {
            String tag = server.get("/admin/app.js", null).header("etag");

            Answer again = server.get("/admin/app.js", null, "If-None-Match", tag);

            assertThat(tag).isNotBlank();
            assertThat(again.status()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(server.get("/admin/app.js", null, "If-None-Match", "\"other\"")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void thePathWithoutASlashLeadsThereAlsoBehindAProxy() {
        try (TestServer server = new TestServer()) {
            Answer answer = server.get("/admin", null);
            assertThat(answer.status()).isEqualTo(308);
            assertThat(answer.header("location")).isEqualTo("admin/");
            assertThat(server.post("/admin/", null, "x").status()).isEqualTo(405);
            assertThat(server.get("/admin/nothing.js", null).status()).isEqualTo(404);
        }
    }

    @Test
    void aHostMayDoWithoutIt() {
        try (TestServer server = new TestServer(b -> b, b -> b.dashboard(false))) {
            assertThat(server.get("/admin/", null).status()).isEqualTo(404);
            assertThat(server.get("/admin/app.js", null).status()).isEqualTo(404);
            assertThat(server.get("/admin/notifications/logs", TestServer.token("root", "ADMIN"))
                            .status())
                    .isEqualTo(200);
        }
    }
}
