package io.notify.benchmarks.faults;

import java.net.URI;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A client over a WebSocket; text frames only. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails says so through the listener
abstract class SocketReader extends Reader {
    private volatile @Nullable WebSocket socket;

    SocketReader(Crowd crowd, int port, Inbox inbox) {
        super(crowd, port, inbox);
    }

    abstract URI uri(@Nullable String since);

    /** @param reply sends a frame */
    abstract void frame(int number, String text, @Nullable String since, Frames reply);

    /** The sending half of the connection that a frame came from. */
    @FunctionalInterface
    interface Frames {
        void send(String text);
    }

    @Override
    final void connect(int number, @Nullable String since) {
        http().newWebSocketBuilder()
                .buildAsync(uri(since), new Listener(number, since))
                .whenComplete((opened, failure) -> {
                    if (failure != null) {
                        lost(number);
                    } else {
                        socket = opened;
                    }
                });
    }

    @Override
    final void hangUp() {
        WebSocket present = socket;
        if (present != null) {
            present.abort();
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final int number;
        private final @Nullable String since;
        private final StringBuilder text = new StringBuilder();

        Listener(int number, @Nullable String since) {
            this.number = number;
            this.since = since;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                frame(number, whole, since, reply -> from.sendText(reply, true));
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            lost(number);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            lost(number);
        }
    }
}
