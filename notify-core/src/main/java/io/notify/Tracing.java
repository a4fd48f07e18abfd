package io.notify;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Receives the beginning and end of each send, commit and delivery. The default methods trace nothing and allocate nothing.
 * Thread-safe; methods throw nothing but what a callback throws.
 */
interface Tracing {
    Tracing NONE = new Tracing() {};

    /** Calls a supplier in the trace context that a request's headers carry. */
    default <T> T continuing(Function<String, @Nullable String> header, Supplier<T> work) {
        return work.get();
    }

    /** Returns the send that an event comes from; {@link Sent#NONE} if it is not traced. */
    static Sent sentOf(OutboundEvent event) {
        return event.trace() instanceof Sent sent ? sent : Sent.NONE;
    }

    /** A send begins, on its caller's thread. */
    default Sent send(Notification notification) {
        return Sent.NONE;
    }

    /**
     * Calls the append of a batch to the log, and propagates its exceptions.
     *
     * @param batch the sends that are appended
     */
    default List<Appended> append(List<? extends Traced> batch, Supplier<List<Appended>> append) {
        return append.get();
    }

    /** An element of a batch, together with its send. */
    interface Traced {
        Sent sent();
    }

    /** One send, from the call to its deliveries. */
    interface Sent extends EventTrace {
        Sent NONE = new Sent() {};

        /** Returns a future that completes as the answer does, after the trace has recorded the answer. */
        default CompletableFuture<Receipt> until(CompletableFuture<Receipt> answer) {
            return answer;
        }

        /** Its delivery to the connections of this node begins. */
        default Passage deliver(OutboundEvent event) {
            return Passage.NONE;
        }
    }

    /** The delivery of one notification on this node. It ends when as many parts have ended as were begun. */
    interface Passage {
        Passage NONE = new Passage() {};

        default void begin() {}

        /** Connections were offered the notification, and some of them took it. */
        default void offered(int connections, int taken) {}

        default void end() {}
    }
}
