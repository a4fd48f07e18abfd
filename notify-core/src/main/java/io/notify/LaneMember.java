package io.notify;

/** A connection as its lane and its rooms see it. All methods are called on the lane. */
interface LaneMember {
    /** Offers a published event. Returns whether it was accepted. */
    boolean deliver(OutboundEvent event);

    /** Writes the accepted events to the network. */
    void flush();

    /**
     * A new epoch has begun. Rows up to its beginning keep their numbers.
     *
     * @param beginning the position at which it began
     * @param lost whether published rows were lost, so that their numbers may denote other rows
     */
    void epochBegan(Position beginning, boolean lost);

    /** The deadline passed to {@link EventLane#schedule} has come. */
    void deadlineReached(long nowMillis);

    void end(CloseReason reason);

    Transport transport();

    /** The lane's number; see {@link EventLane#slot}. */
    int laneSlot();

    /** The index in the lane's list of connections; maintained by the lane. */
    int laneIndex();

    void laneIndex(int index);
}
