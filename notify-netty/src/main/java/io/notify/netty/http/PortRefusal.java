package io.notify.netty.http;

/** Why a port refused a connection or a request before any handler saw it. Internal to notify-netty. */
public enum PortRefusal {
    /** The limit of connections in total is reached. */
    TOO_MANY_CONNECTIONS,
    /** The limit of connections from one address is reached. */
    TOO_MANY_FROM_ADDRESS,
    /** The limit of new connections from one address within a second is reached. */
    TOO_MANY_NEW_FROM_ADDRESS,
    /** The request comes from a page of an origin that is not allowed. */
    FOREIGN_ORIGIN
}
