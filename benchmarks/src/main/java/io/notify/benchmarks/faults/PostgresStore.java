package io.notify.benchmarks.faults;

import io.notify.benchmarks.server.Store;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;

/** A real PostgreSQL of this run alone, reached through a proxy. */
final class PostgresStore implements Store, Closeable {
    private final EmbeddedPostgres database;
    private final Proxy proxy;

    PostgresStore(Path directory) throws IOException {
        this.database =
                EmbeddedPostgres.builder().setDataDirectory(directory.toFile()).start();
        this.proxy = new Proxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), database.getPort()));
    }

    Proxy proxy() {
        return proxy;
    }

    @Override
    public Map<String, String> variables() {
        return Map.of("DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres?user=postgres");
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        database.close();
    }
}
