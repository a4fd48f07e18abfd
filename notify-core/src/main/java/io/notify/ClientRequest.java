package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** One event of a client together with the means to answer it. Confined to the connection's lane. */
final class ClientRequest {
    private final LiveConnection connection;
    private final String event;
    private final JsonNode data;
    private final Reply reply;
    private final @Nullable String answerName;
    private final ClientReplies replies;

    /** @param answerName the event that answers it; null if it has none */
    ClientRequest(
            LiveConnection connection,
            String event,
            JsonNode data,
            Reply reply,
            @Nullable String answerName,
            ClientReplies replies) {
        this.connection = connection;
        this.event = event;
        this.data = data;
        this.reply = reply;
        this.answerName = answerName;
        this.replies = replies;
    }

    LiveConnection connection() {
        return connection;
    }

    String event() {
        return event;
    }

    JsonNode data() {
        return data;
    }

    /** Answers with the event's answer event. */
    void answer(Object body) {
        if (answerName == null) {
            throw new IllegalStateException(event + " has no answer event");
        }
        replies.answer(connection, reply, answerName, body);
    }

    /** Fulfils the acknowledgement, if the client asked for one. */
    void acknowledge(Object body) {
        acknowledge(replies.encode(body));
    }

    /** @param json UTF-8 JSON */
    void acknowledge(byte[] json) {
        reply.acknowledge(json);
    }

    /** Answers with {@code error}. */
    void refuse(ErrorCode code, String message) {
        replies.refuse(connection, reply, new ClientReplies.Refusal(code, message, event, null));
    }
}
