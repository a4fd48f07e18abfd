package io.notify.netty.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Checks and answers WebSocket handshakes (RFC 6455, section 4.2). Never selects a subprotocol or an extension. Not
 * thread-safe: it keeps a message digest, whose lookup is expensive.
 */
final class WebSocketHandshake {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_LENGTH = 24;
    private static final int KEY_BYTES = 16;

    private final MessageDigest sha1 = sha1();

    /** Returns the error response to an invalid handshake, or null if the handshake is valid. */
    static @Nullable HttpReply refusal(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (!request.method().equals(HttpMethod.GET)
                || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                || !headers.containsValue(HttpHeaderNames.UPGRADE, "websocket", true)
                || !headers.containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)) {
            return HttpReply.problem(426, "A WebSocket handshake is required.")
                    .withHeader("upgrade", "websocket")
                    .withHeader("sec-websocket-version", "13");
        }
        if (!"13".equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            return HttpReply.problem(426, "Only WebSocket version 13 is supported.")
                    .withHeader("sec-websocket-version", "13");
        }
        String key = headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (key == null || !isKey(key)) {
            return HttpReply.problem(400, "Sec-WebSocket-Key is not 16 bytes in base64.");
        }
        return null;
    }

    private static boolean isKey(String key) {
        try {
            return key.length() == KEY_LENGTH && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    /** Returns the bytes of the 101 response to a valid handshake. */
    byte[] accept(HttpRequest request) {
        String key = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        return ("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: "
                        + Base64.getEncoder()
                                .encodeToString(sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)))
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("SHA-1 is missing (expected: part of every Java platform)", missing);
        }
    }
}
