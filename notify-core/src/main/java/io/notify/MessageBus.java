package io.notify;

import java.util.List;
import java.util.function.Consumer;

/**
 * Carries committed deliveries to every node, this one included. It may drop, double or reorder between nodes: the log is
 * the truth, and a node notices by the positions.
 *
 * <p>{@code MessageBusContract} is the test that each implementation passes.
 */
public interface MessageBus extends AutoCloseable {
    /** One node: what is published is handed over by a direct call. */
    static MessageBus local() {
        return new LocalMessageBus();
    }

    /**
     * Calls {@code receiver} with what is published from now on; once, before the first {@link #publish}. The receiver
     * does not block and does not throw.
     */
    void subscribe(Consumer<List<Delivery>> receiver);

    /**
     * Hands deliveries over, in order. This node's receiver has been called when it returns. It blocks no longer than it
     * takes to hand them to the network's buffers, and never throws.
     */
    void publish(List<Delivery> deliveries);

    @Override
    void close();
}
