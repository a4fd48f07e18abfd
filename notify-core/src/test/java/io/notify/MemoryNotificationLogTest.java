package io.notify;

import java.util.Optional;

class MemoryNotificationLogTest extends NotificationLogContract {
    @Override
    protected NotificationLog create() {
        return NotificationLog.inMemory();
    }

    @Override
    protected Optional<NotificationLog> reopen() {
        return Optional.empty();
    }
}
