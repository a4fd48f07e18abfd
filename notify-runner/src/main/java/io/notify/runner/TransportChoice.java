package io.notify.runner;

/** What {@code TRANSPORT} takes. */
enum TransportChoice {
    AUTO,
    EPOLL,
    IO_URING,
    NIO
}
