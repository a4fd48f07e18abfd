package io.notify;

import java.util.List;
import java.util.function.Consumer;

/** The bus of a single node: the receiver has run when {@link #publish} returns, on the publisher's thread. */
final class LocalMessageBus implements MessageBus {
    private volatile Consumer<List<Delivery>> receiver = deliveries -> {};

    @Override
    public void subscribe(Consumer<List<Delivery>> receiver) {
        this.receiver = receiver;
    }

    @Override
    public void publish(List<Delivery> deliveries) {
        receiver.accept(deliveries);
    }

    @Override
    public void close() {
        receiver = deliveries -> {};
    }
}
