package io.notify;

/** Handles one of the events in {@link ClientEvent}. */
interface ClientEventHandler {
    /**
     * Handles an event. Called on the connection's lane; must not block.
     *
     * @throws EventRefusedException if the client is to be answered with an error
     */
    void handle(ClientRequest request);
}
