package io.notify.netty.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;

/** The system interface that event loops use. Internal to notify-netty. */
public enum NetworkTransport {
    /** Epoll if it is available, NIO otherwise. */
    AUTO,
    EPOLL,
    IO_URING,
    NIO;

    /**
     * Returns the transport of a name, such as {@code io_uring}.
     *
     * @throws IllegalArgumentException if there is no such transport
     */
    public static NetworkTransport named(String name) {
        for (NetworkTransport transport : values()) {
            if (transport.name().equalsIgnoreCase(name)) {
                return transport;
            }
        }
        throw new IllegalArgumentException("transport: " + name + " (expected: auto, epoll, io_uring or nio)");
    }

    /** @throws TransportUnavailableException if this machine does not support the transport */
    NetworkTransport resolved() {
        switch (this) {
            case AUTO -> {
                return Epoll.isAvailable() ? EPOLL : NIO;
            }
            case EPOLL -> require(Epoll.isAvailable(), Epoll.unavailabilityCause());
            case IO_URING -> require(IoUring.isAvailable(), IoUring.unavailabilityCause());
            case NIO -> {}
        }
        return this;
    }

    static NetworkTransport of(EventLoopGroup group) {
        if (group instanceof IoEventLoopGroup io) {
            if (io.isIoType(EpollIoHandler.class)) {
                return EPOLL;
            }
            if (io.isIoType(IoUringIoHandler.class)) {
                return IO_URING;
            }
            if (io.isIoType(NioIoHandler.class)) {
                return NIO;
            }
        }
        throw new IllegalArgumentException(
                "eventLoops: " + group.getClass().getName() + " (expected: of epoll, io_uring or NIO handlers)");
    }

    EventLoopGroup newGroup(int threads) {
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("notify-io"), handlers());
    }

    Class<? extends ServerChannel> serverChannel() {
        return switch (resolved()) {
            case EPOLL -> EpollServerSocketChannel.class;
            case IO_URING -> IoUringServerSocketChannel.class;
            case NIO, AUTO -> NioServerSocketChannel.class;
        };
    }

    /**
     * Makes the kernel close a connection whose peer acknowledges no data for a time. Without it, the kernel retransmits for
     * about a quarter of an hour. NIO has no such option.
     */
    void setUserTimeout(ServerBootstrap bootstrap, Duration after) {
        int millis = (int) Math.min(Integer.MAX_VALUE, after.toMillis());
        switch (resolved()) {
            case EPOLL -> bootstrap.childOption(EpollChannelOption.TCP_USER_TIMEOUT, millis);
            case IO_URING -> bootstrap.childOption(IoUringChannelOption.TCP_USER_TIMEOUT, millis);
            case NIO, AUTO -> {}
        }
    }

    private IoHandlerFactory handlers() {
        return switch (resolved()) {
            case EPOLL -> EpollIoHandler.newFactory();
            case IO_URING -> IoUringIoHandler.newFactory();
            case NIO, AUTO -> NioIoHandler.newFactory();
        };
    }

    private void require(boolean available, Throwable cause) {
        if (!available) {
            throw new TransportUnavailableException(
                    "transport: " + name() + " is not available on this machine (expected: AUTO)", cause);
        }
    }
}
