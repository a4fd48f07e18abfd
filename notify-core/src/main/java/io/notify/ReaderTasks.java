package io.notify;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the blocking part of a client event on a reader thread, and its result on the connection's lane. */
final class ReaderTasks {
    private static final Logger LOG = LoggerFactory.getLogger(ReaderTasks.class);

    private final Executor readers;

    ReaderTasks(Executor readers) {
        this.readers = readers;
    }

    /**
     * Submits a task. Called on the lane.
     *
     * @param task may block and may throw; an exception is answered with an error. Its result runs on the lane
     * @throws EventRefusedException if too many tasks are waiting
     */
    void submit(ClientRequest request, Supplier<Runnable> task) {
        EventLane lane = request.connection().lane();
        try {
            readers.execute(() -> {
                Runnable result = call(request, task);
                lane.execute(() -> {
                    result.run();
                    lane.flush();
                });
            });
        } catch (RejectedExecutionException e) {
            throw new EventRefusedException(ErrorCode.UNAVAILABLE, "try again later");
        }
    }

    private static Runnable call(ClientRequest request, Supplier<Runnable> task) {
        try {
            return task.get();
        } catch (EventRefusedException e) {
            return () -> request.refuse(e.code(), e.getMessage());
        } catch (LogUnavailableException e) {
            LOG.warn("an event could not be served: {}", e.getMessage());
            return () -> request.refuse(ErrorCode.UNAVAILABLE, "try again later");
        } catch (RuntimeException e) {
            LOG.error("an event of connection {} failed", request.connection().socketId(), e);
            return () -> request.refuse(ErrorCode.UNAVAILABLE, "it failed here");
        }
    }
}
