package io.notify.jdbc;

import io.notify.NotificationLog;
import io.notify.NotificationLogContract;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class SqliteNotificationLogTest extends NotificationLogContract {
    @TempDir
    Path directory;

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

    @Override
    protected boolean isShared() {
        return false;
    }

    private NotificationLog overLastStore() {
        return JdbcNotificationLog.builder()
                .url("jdbc:sqlite:" + directory.resolve("log" + stores))
                .build();
    }
}
