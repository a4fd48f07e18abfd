package io.notify.netty.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ConnectionLimitsTest {
    private final PortCounts counts = new PortCounts();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 500_000_000L);

    private static InetAddress address(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    }

    private ConnectionLimits limits(int inAll, int perAddress, int newPerSecond) {
        return new ConnectionLimits(
                HttpLimits.defaults().withMaxConnections(inAll, perAddress, newPerSecond), nanos::get, counts);
    }

    @Test
    void countsInAllAndPerAddress() throws UnknownHostException {
        ConnectionLimits limits = limits(3, 2, 100);
        assertThat(limits.enter(address(1))).isTrue();
        assertThat(limits.enter(address(1))).isTrue();
        assertThat(limits.enter(address(1))).isFalse();
        assertThat(limits.enter(address(2))).isTrue();
        assertThat(limits.enter(address(3))).isFalse();
        limits.leave(address(1));
        assertThat(limits.enter(address(3))).isTrue();
        assertThat(limits.open()).isEqualTo(3);
    }

    @Test
    void refillsNewConnectionsWithTimeAndOfEachAddressByItself() throws UnknownHostException {
        ConnectionLimits limits = limits(100, 100, 4);
        for (int i = 0; i < 4; i++) {
            assertThat(limits.enter(address(1))).isTrue();
        }
        assertThat(limits.enter(address(1))).isFalse();
        assertThat(limits.enter(address(2))).isTrue();
        nanos.addAndGet(250_000_000);
        assertThat(limits.enter(address(1))).isTrue();
        assertThat(limits.enter(address(1))).isFalse();
    }

    @Test
    void forgetsAddressesThatAreGone() throws UnknownHostException {
        ConnectionLimits limits = limits(100, 100, 100);
        for (int i = 0; i < 50; i++) {
            assertThat(limits.enter(address(i))).isTrue();
            limits.leave(address(i));
        }
        nanos.addAndGet(2_000_000_000);
        assertThat(limits.enter(address(99))).isTrue();
        assertThat(limits.addresses()).isOne();
        assertThat(limits.open()).isOne();
    }

    @Test
    void countsNoAddressesWithoutALimitForThem() throws UnknownHostException {
        ConnectionLimits limits = limits(2, HttpLimits.UNLIMITED, HttpLimits.UNLIMITED);
        assertThat(limits.enter(address(1))).isTrue();
        assertThat(limits.addresses()).isZero();
        limits.leave(address(1));
        assertThat(limits.open()).isZero();
    }

    @Test
    void countsAddressesOfIpv6ByTheirNetwork() throws Exception {
        InetAddress one = InetAddress.getByName("2001:db8:1:2::1");
        InetAddress neighbour = InetAddress.getByName("2001:db8:1:2:ffff::9");

        assertThat(PeerAddress.counted(one)).isEqualTo(PeerAddress.counted(neighbour));
        assertThat(PeerAddress.counted(one))
                .isNotEqualTo(PeerAddress.counted(InetAddress.getByName("2001:db8:1:3::1")));
        assertThat(PeerAddress.counted(InetAddress.getByName("192.0.2.1")))
                .isNotEqualTo(PeerAddress.counted(InetAddress.getByName("192.0.2.2")));
    }
}
