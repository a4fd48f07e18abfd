package io.notify.netty.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Reduces addresses to the part that limits count by: an IPv4 address, or the first 64 bits of an IPv6 address, since a
 * subscriber has all addresses of such a network (RFC 6177). Internal to notify-netty. Stateless.
 */
public final class PeerAddress {
    private static final int NETWORK_BYTES = 8;

    private PeerAddress() {}

    /** Returns the address that stands for a peer in every limit. */
    public static InetAddress counted(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("address of " + bytes.length + " bytes (expected: 16 bytes)", impossible);
        }
    }
}
