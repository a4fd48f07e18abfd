package io.notify.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** A wire to a server on loopback that can fall silent: both ends stay connected and hear nothing. */
final class Wire implements AutoCloseable {
    private final ServerSocket entrance;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile String silencing = "";

    Wire(int target) throws IOException {
        this.target = target;
        this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return entrance.getLocalPort();
    }

    void silence() {
        gate = new CountDownLatch(1);
    }

    /** Falls silent when a client is about to say this. */
    void silenceBefore(String text) {
        silencing = text;
    }

    boolean isSilent() {
        return gate.getCount() > 0;
    }

    void speak() {
        silencing = "";
        gate.countDown();
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket client = entrance.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(server);
                start(() -> copy(client, server));
                start(() -> copy(server, client));
            } catch (IOException e) {
                // closed, or the server is away: the client notices by itself
            }
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                String awaited = silencing;
                if (!awaited.isEmpty() && new String(buffer, 0, n, StandardCharsets.ISO_8859_1).contains(awaited)) {
                    silence();
                    silencing = "";
                }
                gate.await();
                out.write(buffer, 0, n);
            }
        } catch (IOException | InterruptedException e) {
            // one end is gone, so both are
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "wire");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        speak();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
