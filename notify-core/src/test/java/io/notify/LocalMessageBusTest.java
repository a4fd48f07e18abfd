package io.notify;

import java.util.Optional;

class LocalMessageBusTest extends MessageBusContract {
    @Override
    protected MessageBus create() {
        return MessageBus.local();
    }

    @Override
    protected Optional<MessageBus> another() {
        return Optional.empty();
    }
}
