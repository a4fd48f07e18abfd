package io.notify.examples;

import io.notify.netty.socketio.SocketIoServer;

/**
 * Socket.IO alone, for a host that wants events of its own with acknowledgements, and rooms, but no notifications.
 *
 * <p>Argument: the port.
 */
public final class CustomEvents {
    private CustomEvents() {}

    /** Starts a small chat; the port may be 0. */
    public static SocketIoServer start(int port) {
        return SocketIoServer.builder()
                .port(port)
                .namespace(
                        "/chat",
                        chat -> chat.onConnect(socket -> {
                            socket.on("enter", event -> {
                                socket.join(event.argument(0).asText());
                                event.acknowledge("welcome");
                            });
                            socket.on(
                                    "say",
                                    event -> socket.namespace()
                                            .to(event.argument(0).asText())
                                            .emit("said", event.argument(1).asText()));
                        }))
                .start();
    }

    public static void main(String[] args) throws InterruptedException {
        SocketIoServer server = start(Integer.parseInt(args[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println("listening on port " + server.port());
        Thread.currentThread().join();
    }
}
