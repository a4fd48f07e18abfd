package io.notify.netty.engineio;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Why a request is refused, with the codes of the protocol's reference implementation. */
enum EngineError {
    TRANSPORT_UNKNOWN(0, 400, "Transport unknown"),
    SESSION_UNKNOWN(1, 400, "Session ID unknown"),
    BAD_HANDSHAKE_METHOD(2, 400, "Bad handshake method"),
    BAD_REQUEST(3, 400, "Bad request"),
    FORBIDDEN(4, 403, "Forbidden"),
    UNSUPPORTED_VERSION(5, 400, "Unsupported protocol version");

    private final int code;
    private final int status;
    private final String json;

    EngineError(int code, int status, String message) {
        this.code = code;
        this.status = status;
        json = "{\"code\":" + code + ",\"message\":\"" + message + "\"}";
    }

    int code() {
        return code;
    }

    /** Returns the name of the reason in the metrics. */
    String reason() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the HTTP status. */
    int status() {
        return status;
    }

    byte[] json() {
        return json.getBytes(StandardCharsets.US_ASCII);
    }
}
