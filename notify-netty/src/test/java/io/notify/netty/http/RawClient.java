package io.notify.netty.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A TCP connection on which a test says exactly the bytes it means. */
public final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    public RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(15_000);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    public RawClient get(String target) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    public RawClient post(String target, String body) throws IOException {
        return send("POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                + body.getBytes(StandardCharsets.ISO_8859_1).length + "\r\n\r\n" + body);
    }

    /** Asks for a WebSocket and reads the answer's head. */
    public String upgrade(String target) throws IOException {
        send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                + Base64.getEncoder().encodeToString("0123456789abcdef".getBytes(StandardCharsets.US_ASCII))
                + "\r\n\r\n");
        return readHead();
    }

    /** Up to and without the empty line. */
    public String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return head.toString();
            }
            head.append((char) next);
        }
        return head.substring(0, head.length() - 4);
    }

    /** One answer with a length: its status, a space and its body. */
    public String readAnswer() throws IOException {
        String head = readHead();
        if (head.isEmpty()) {
            return "";
        }
        int at = head.toLowerCase(java.util.Locale.ROOT).indexOf("content-length: ");
        int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16).split("\r\n", 2)[0]);
        return head.split(" ", 3)[1] + " " + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** All until the peer closes or resets. */
    public String readToEnd() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (java.net.SocketException reset) {
            // What came before counts.
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** Sends a masked frame. */
    public RawClient frame(int firstByte, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(firstByte);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else if (payload.length < 65_536) {
            frame.write(0x80 | 126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        } else {
            frame.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) payload.length >> shift));
            }
        }
        byte[] mask = {1, 2, 3, 4};
        frame.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ mask[i % 4]);
        }
        return send(frame.toByteArray());
    }

    public RawClient text(String text) throws IOException {
        return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads one frame: {@code text:…}, {@code binary:…} (Latin-1), {@code close:code}, {@code ping:…}, {@code end}. */
    public String readFrame() throws IOException {
        int first;
        try {
            first = in.read();
        } catch (java.net.SocketException reset) {
            return "end";
        }
        if (first < 0) {
            return "end";
        }
        int length = in.read();
        if (length == 126) {
            length = in.read() << 8 | in.read();
        } else if (length == 127) {
            length = 0;
            for (int i = 0; i < 8; i++) {
                length = length << 8 | in.read();
            }
        }
        byte[] payload = in.readNBytes(length);
        return switch (first) {
            case 0x81 -> "text:" + new String(payload, StandardCharsets.UTF_8);
            case 0x82 -> "binary:" + new String(payload, StandardCharsets.ISO_8859_1);
            case 0x88 -> "close:" + ((payload[0] & 0xff) << 8 | payload[1] & 0xff);
            case 0x89 -> "ping:" + new String(payload, StandardCharsets.UTF_8);
            case 0x8a -> "pong:" + new String(payload, StandardCharsets.UTF_8);
            default -> "unexpected first byte " + first;
        };
    }

    public Socket socket() {
        return socket;
    }

    /** Closes with a reset instead of an orderly end. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
