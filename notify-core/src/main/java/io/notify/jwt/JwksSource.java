package io.notify.jwt;

import java.util.concurrent.CompletableFuture;

/** Source of a key set's document. */
@FunctionalInterface
interface JwksSource {
    /** Fetches the document. Does not block; completes exceptionally if the document is not available. */
    CompletableFuture<byte[]> fetch();
}
