package io.notify.jwt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Fetches a key set over HTTP, without redirects, within limits of 256 KiB and ten seconds. */
final class HttpJwksSource implements JwksSource {
    private static final int MAX_BYTES = 256 * 1024;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int OK = 200;

    private final URI address;

    HttpJwksSource(URI address) {
        this.address = address;
    }

    @Override
    public CompletableFuture<byte[]> fetch() {
        // The client of JDK 17 cannot be closed; its threads end when it is collected. Fetches are rare, so each has a
        // client of its own, and no thread is left between them.
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .build();
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request, response -> new BoundedBody(MAX_BYTES));
        return exchange.thenApply(HttpJwksSource::body)
                // the request's own timeout ends with the headers
                .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((body, failure) -> {
                    if (failure != null) {
                        exchange.cancel(true);
                    }
                });
    }

    private static byte[] body(HttpResponse<byte[]> response) {
        if (response.statusCode() != OK) {
            throw new UncheckedIOException(new IOException("status " + response.statusCode() + " (expected: 200)"));
        }
        return response.body();
    }
}
