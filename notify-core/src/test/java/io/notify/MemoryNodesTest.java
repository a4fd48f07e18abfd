package io.notify;

/** Two services that share one log object. */
class MemoryNodesTest extends NodesContract {
    private NotificationLog log;

    @Override
    protected NotificationLog create() {
        log = NotificationLog.inMemory();
        return log;
    }

    @Override
    protected NotificationLog reopen() {
        return log;
    }
}
