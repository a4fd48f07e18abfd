package io.notify;

/** How one client event is answered, made by the transport that received it. Called at most once, on the lane. */
public interface Reply {
    /** Sends an event, and fulfils the acknowledgement with its data if the client asked for one. */
    void event(OutboundEvent answer);

    /**
     * Fulfils the acknowledgement, if the client asked for one; else does nothing.
     *
     * @param json UTF-8 JSON
     */
    void acknowledge(byte[] json);
}
