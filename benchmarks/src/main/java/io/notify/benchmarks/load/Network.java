package io.notify.benchmarks.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.Closeable;
import java.net.InetAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads and sockets of this process: epoll where it is there, else NIO. Any thread.
 *
 * @param port the server's
 */
record Network(EventLoopGroup group, Class<? extends SocketChannel> socket, int port) implements Closeable {
    private static final int PATIENCE_MILLIS = 60_000;
    /** Linux has 28,232 ports for them unless told otherwise. */
    private static final int CLIENTS_OF_AN_ADDRESS = 20_000;

    static Network open(int threads, int port) {
        ThreadFactory daemons = new DefaultThreadFactory("load", true);
        return Epoll.isAvailable()
                ? new Network(
                        new MultiThreadIoEventLoopGroup(threads, daemons, EpollIoHandler.newFactory()),
                        EpollSocketChannel.class,
                        port)
                : new Network(
                        new MultiThreadIoEventLoopGroup(threads, daemons, NioIoHandler.newFactory()),
                        NioSocketChannel.class,
                        port);
    }

    /** One of so many clients that they do not find a port each at one address. */
    Bootstrap connectionOf(int client) {
        int address = client / CLIENTS_OF_AN_ADDRESS;
        return address == 0 ? connection() : connection().localAddress("127.0.0." + (address + 1), 0);
    }

    /** For a connection to the server; a handler is still wanted. */
    Bootstrap connection() {
        return new Bootstrap()
                .group(group)
                .channel(socket)
                .remoteAddress(InetAddress.getLoopbackAddress(), port)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, PATIENCE_MILLIS)
                .option(ChannelOption.TCP_NODELAY, true)
                // closed by a reset: thousands that wait out their last minute would use up the ports
                .option(ChannelOption.SO_LINGER, 0);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
