package io.notify.jdbc;

import io.notify.NotificationLog;
import io.notify.NotificationLogContract;
import java.util.Optional;
import java.util.UUID;

class H2NotificationLogTest extends NotificationLogContract {
    private final String name = "contract" + UUID.randomUUID();
    private int stores;

    @Override
    protected NotificationLog create() {
        stores++;
        return overLastStore();
    }

    @Override
    protected Optional<NotificationLog> reopen() {
        return Optional.of(overLastStore());
    }

    private NotificationLog overLastStore() {
        return JdbcNotificationLog.builder()
                .url("jdbc:h2:mem:" + name + stores + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=1500")
                .user("sa")
                .password("")
                .build();
    }
}
