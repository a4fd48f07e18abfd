package io.notify.jdbc;

import io.notify.NotificationLog;
import io.notify.NotificationLogContract;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresNotificationLogTest extends NotificationLogContract {
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
        return overStore();
    }

    @Override
    protected Optional<NotificationLog> reopen() {
        return Optional.of(overStore());
    }

    private static NotificationLog overStore() {
        return JdbcNotificationLog.builder().url(postgres.url()).build();
    }
}
