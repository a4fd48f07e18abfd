package io.notify.benchmarks.faults;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A client of the event stream, which resumes by {@code Last-Event-ID}. */
@SuppressWarnings("FutureReturnValueIgnored") // its end is heard
final class SseReader extends Reader {
    private volatile Flow.@Nullable Subscription stream;

    SseReader(Crowd crowd, int port, Inbox inbox) {
        super(crowd, port, inbox);
    }

    @Override
    void connect(int number, @Nullable String since) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port() + "/notifications/sse"))
                .header("Authorization", "Bearer " + token());
        if (since != null) {
            request.header("Last-Event-ID", since);
        }
        http().sendAsync(request.build(), HttpResponse.BodyHandlers.fromLineSubscriber(new Lines(number)))
                .whenComplete((answer, failure) -> lost(number));
    }

    @Override
    void hangUp() {
        Flow.Subscription present = stream;
        if (present != null) {
            present.cancel();
        }
    }

    private final class Lines implements Flow.Subscriber<String> {
        private final int number;
        private String id = "";
        private String event = "";
        private final StringBuilder data = new StringBuilder();

        Lines(int number) {
            this.number = number;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            stream = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            if (line.isEmpty()) {
                // an id without data is a position too
                heard(number, event, Account.json(data.toString()), id);
                event = "";
                data.setLength(0);
            } else if (line.startsWith("id: ")) {
                id = line.substring("id: ".length());
            } else if (line.startsWith("event: ")) {
                event = line.substring("event: ".length());
            } else if (line.startsWith("data: ")) {
                data.append(line, "data: ".length(), line.length());
            }
        }

        @Override
        public void onError(Throwable failure) {
            lost(number);
        }

        @Override
        public void onComplete() {
            lost(number);
        }
    }
}
