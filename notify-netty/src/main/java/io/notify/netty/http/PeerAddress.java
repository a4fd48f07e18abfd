package io.notify.netty.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * What limits count by: an IPv4 address, or the first 64 bits of one of IPv6, since whoever has one has all that begin so
 * (RFC 6177). Internal to notify-netty. Pure.
 */
public final class PeerAddress {
    private static final int NETWORK_BYTES = 8;

    private PeerAddress() {}

    public static InetAddress counted(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", impossible);
        }
    }
}
