package io.notify;

/**
 * The progress of a connection's replay: either live, or paused at its cursor while the log is read. Immutable; each method
 * that returns a state returns the next one.
 *
 * <p>While a connection is paused, live rows are not buffered. Only the highest number among them is kept, and the replay
 * reads the log until it has passed that number. This closes the gap between replay and live delivery without a buffer.
 *
 * @param turn identifies the replay, so that the results of an earlier one can be discarded; 0 while live
 * @param missedThrough the highest number of a row that was published while paused
 */
record ReplayState(long turn, long missedThrough) {
    /** Shared by all live connections, so that an idle connection holds no state of its own. */
    static final ReplayState LIVE = new ReplayState(0, 0);

    /** What a connection does with a published event. */
    enum Action {
        SHOW,
        /** Shows the event at the connection's own position: a cursor never moves backwards. */
        SHOW_AT_CURSOR,
        /** Drops the event: the client has it, or it is volatile and the connection is paused. */
        SKIP,
        /** Drops the event and notes its number: the replay will show it. */
        NOTE
    }

    /** @param turn greater than 0; unique among the turns of a lane */
    static ReplayState paused(long turn) {
        return new ReplayState(turn, 0);
    }

    boolean isLive() {
        return turn == LIVE.turn;
    }

    /**
     * Returns what to do with an event.
     *
     * @param cursor the connection's position
     * @param at the event's position
     * @param stored whether the event is a row of the log
     */
    Action actionFor(Position cursor, Position at, boolean stored) {
        if (!isLive()) {
            return stored ? Action.NOTE : Action.SKIP;
        }
        // rows of an earlier epoch precede the beginning of the present one, so the client has them
        boolean sameEpoch = at.epoch().equals(cursor.epoch());
        if (stored) {
            return sameEpoch && at.seq() > cursor.seq() ? Action.SHOW : Action.SKIP;
        }
        // the log may have been read further than it has been published
        return sameEpoch && at.seq() >= cursor.seq() ? Action.SHOW : Action.SHOW_AT_CURSOR;
    }

    /** A row was published while paused. */
    ReplayState missed(long seq) {
        return seq <= missedThrough ? this : new ReplayState(turn, seq);
    }

    /** All rows up to a number have been shown. The connection becomes live unless a later row was published meanwhile. */
    ReplayState replayedThrough(long seq) {
        return missedThrough <= seq ? LIVE : this;
    }

    /** A new epoch begins after a number. Later numbers will denote other rows. */
    ReplayState epochBegan(long seq) {
        return missedThrough <= seq ? this : new ReplayState(turn, seq);
    }
}
