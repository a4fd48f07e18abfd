package io.notify.jdbc;

import io.notify.NodesContract;
import io.notify.NotificationLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Two services, each with a pool of its own, over one PostgreSQL. */
class PostgresNodesTest extends NodesContract {
    private static Postgres postgres;

    @BeforeAll
    static void start() throws Exception {
        postgres = new Postgres();
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @Override
    protected NotificationLog create() throws Exception {
        postgres.empty();
        return reopen();
    }

    @Override
    protected NotificationLog reopen() {
        return JdbcNotificationLog.builder().url(postgres.url()).build();
    }
}
