package io.notify;

import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the host's handlers for the events it has registered: off the lane, one at a time for each connection. */
final class HostEvents {
    private static final Logger LOG = LoggerFactory.getLogger(HostEvents.class);

    private final Map<String, EventHandler> handlers;
    private final Json json;

    HostEvents(Map<String, EventHandler> handlers, Json json) {
        this.handlers = Map.copyOf(handlers);
        this.json = json;
    }

    boolean contains(String event) {
        return handlers.containsKey(event);
    }

    /**
     * Queues an event for its handler. On the lane.
     *
     * @throws EventRefusedException if there is no handler, or too many of the connection's events are waiting
     */
    void handle(ClientRequest request) {
        EventHandler handler = handlers.get(request.event());
        if (handler == null) {
            throw new EventRefusedException(ErrorCode.UNKNOWN_EVENT, "no such event");
        }
        LiveConnection connection = request.connection();
        boolean queued = connection.handlerCalls().offer(() -> {
            Runnable answer = call(handler, request);
            connection.lane().execute(() -> {
                answer.run();
                connection.lane().flush();
            });
        });
        if (!queued) {
            throw new EventRefusedException(ErrorCode.UNAVAILABLE, "too many events wait");
        }
    }

    private Runnable call(EventHandler handler, ClientRequest request) {
        LiveConnection connection = request.connection();
        try {
            byte[] answer = json.write(handler.handle(connection, request.data()));
            return () -> request.acknowledge(answer);
        } catch (Exception e) {
            LOG.error("the handler of a custom event failed for connection {}", connection.socketId(), e);
            return () -> request.refuse(ErrorCode.UNAVAILABLE, "the handler failed");
        }
    }
}
