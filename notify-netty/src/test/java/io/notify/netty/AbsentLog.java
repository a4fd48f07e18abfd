package io.notify.netty;

import io.notify.LogUnavailableException;
import io.notify.NotificationLog;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** The log in memory, behind a line that can be cut. */
final class AbsentLog {
    private final NotificationLog memory = NotificationLog.inMemory();
    private volatile boolean away;

    void goAway() {
        away = true;
    }

    void comeBack() {
        away = false;
    }

    NotificationLog log() {
        return (NotificationLog) Proxy.newProxyInstance(
                AbsentLog.class.getClassLoader(),
                new Class<?>[] {NotificationLog.class},
                (proxy, method, arguments) -> {
                    if (away && !method.getName().equals("close")) {
                        throw new LogUnavailableException("the line is cut", null);
                    }
                    try {
                        return method.invoke(memory, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
