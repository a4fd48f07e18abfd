package io.notify.benchmarks.faults;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a port and does to its connections what networks do: cuts them, moves nothing, moves little, moves late.
 * What has been read from one side is always written to the other, in order, unless the connection is cut. Any thread.
 */
final class Proxy implements Closeable {
    private static final int BUFFER = 16 * 1024;
    /** Small, so that a slow reader is slow for its server too, and not the kernel's buffers full first. */
    private static final int SLOW_BUFFER = 4 * 1024;

    private final InetSocketAddress target;
    private final @Nullable InetAddress via;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Object changed = new Object();
    private boolean stalled; // guarded by changed
    private volatile boolean cut;
    private volatile int bytesPerSecond;
    private volatile long delayMillis;

    Proxy(InetSocketAddress target) throws IOException {
        this(target, null);
    }

    /** @param via the address that the target sees; null for any */
    Proxy(InetSocketAddress target, @Nullable InetAddress via) throws IOException {
        this.target = target;
        this.via = via;
        this.listening = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
        start("proxy", this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Does nothing to anybody from now on. */
    void pass() {
        cut = false;
        bytesPerSecond = 0;
        delayMillis = 0;
        synchronized (changed) {
            stalled = false;
            changed.notifyAll();
        }
    }

    /** Resets every connection, and whoever comes. */
    void cut() {
        cut = true;
        open.forEach(Proxy::reset);
    }

    /** Takes whoever comes and keeps every connection, but moves nothing, as when a cable is pulled. */
    void stall() {
        synchronized (changed) {
            stalled = true;
        }
    }

    /** Moves so much to each client in a second; set before it connects. */
    void throttle(int bytes) {
        bytesPerSecond = bytes;
    }

    /** Moves everything so much later. */
    void delay(long millis) {
        delayMillis = millis;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                if (cut) {
                    reset(client);
                } else {
                    start("proxy-connect", () -> connect(client));
                }
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        open.add(client);
        open.add(server);
        try {
            if (bytesPerSecond > 0) {
                server.setReceiveBufferSize(SLOW_BUFFER);
                client.setSendBufferSize(SLOW_BUFFER);
            }
            if (via != null) {
                server.bind(new InetSocketAddress(via, 0));
            }
            server.connect(target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException e) {
            end(client, server);
            return;
        }
        start("proxy-up", () -> pump(client, server, false));
        pump(server, client, true);
    }

    private void pump(Socket from, Socket to, boolean slow) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            while (true) {
                int limit = bytesPerSecond;
                int most = slow && limit > 0 ? Math.min(buffer.length, Math.max(1, limit / 10)) : buffer.length;
                int read = in.read(buffer, 0, most);
                if (read < 0) {
                    break;
                }
                awaitMoving();
                long pause = delayMillis + (slow && limit > 0 ? 1_000L * read / limit : 0);
                if (pause > 0) {
                    TimeUnit.MILLISECONDS.sleep(pause);
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // either side has gone: so goes the other
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end(from, to);
    }

    private void awaitMoving() throws InterruptedException {
        synchronized (changed) {
            while (stalled) {
                changed.wait();
            }
        }
    }

    private void end(Socket one, Socket other) {
        for (Socket socket : new Socket[] {one, other}) {
            open.remove(socket);
            try {
                socket.close();
            } catch (IOException e) {
                // it is gone then
            }
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // it is gone then
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
        pass();
    }
}
