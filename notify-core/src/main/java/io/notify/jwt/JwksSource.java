package io.notify.jwt;

import java.util.concurrent.CompletableFuture;

/** Where a key set comes from. */
@FunctionalInterface
interface JwksSource {
    /** Fetches the document. Does not block; completes exceptionally if there is none to be had. */
    CompletableFuture<byte[]> fetch();
}
