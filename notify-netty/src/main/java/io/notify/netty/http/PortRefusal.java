package io.notify.netty.http;

/** Why a port turned a connection or a request away before any handler saw it. Internal to notify-netty. */
public enum PortRefusal {
    /** As many connections as are borne in all. */
    TOO_MANY_CONNECTIONS,
    /** As many as are borne from one address. */
    TOO_MANY_FROM_ADDRESS,
    /** As many new ones as are borne from one address within a second. */
    TOO_MANY_NEW_FROM_ADDRESS,
    /** A page of an origin that is not allowed. */
    FOREIGN_ORIGIN
}
