package io.notify;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a send, the commit of its batch and its delivery tell whoever traces. As it stands here nobody does: nothing is kept and
 * nothing allocated. Any thread; nothing throws, but what it was given to call.
 */
interface Tracing {
    Tracing NONE = new Tracing() {};

    /** Does a request's work within the trace that its headers continue. */
    default <T> T continuing(Function<String, @Nullable String> header, Supplier<T> work) {
        return work.get();
    }

    /** A send begins, on its caller's thread. */
    default Sent send(Notification notification) {
        return Sent.NONE;
    }

    /** Appends a batch to the log; throws what the log throws. */
    default List<Appended> append(NotificationLog log, List<LogEntry> entries, List<? extends Traced> batch) {
        return log.append(entries);
    }

    /** What belongs to a send. */
    interface Traced {
        Sent sent();
    }

    /** One send, and all that follows from it. */
    interface Sent {
        Sent NONE = new Sent() {};

        /** The same answer, given once it has been told. */
        default CompletableFuture<Receipt> until(CompletableFuture<Receipt> answer) {
            return answer;
        }

        /** Its delivery to the connections of this node begins. */
        default Passage deliver(OutboundEvent event) {
            return Passage.NONE;
        }
    }

    /** One notification's way to the connections of this node, over in as many parts as were begun. */
    interface Passage {
        Passage NONE = new Passage() {};

        default void begin() {}

        /** Some connections were offered it, and so many took it. */
        default void offered(int connections, int taken) {}

        default void end() {}
    }
}
