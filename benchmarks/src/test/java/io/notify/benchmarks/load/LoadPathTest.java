package io.notify.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.notify.Audience;
import io.notify.NotificationService;
import io.notify.jwt.JwtAuthenticator;
import io.notify.jwt.JwtIssuer;
import io.notify.netty.NotifyServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The generator against a server in this process. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LoadPathTest {
    private static final String SECRET = "a-secret-that-only-the-tests-know-0123456789";
    private static final int CLIENTS = 20;
    private static final int ENOUGH = 200;

    private final Patience patience = new Patience(() -> {});
    private NotificationService service;
    private NotifyServer server;
    private Network network;

    @BeforeEach
    void start() {
        service = NotificationService.builder()
                .authenticator(JwtAuthenticator.builder().hmacSecret(SECRET).build())
                .build();
        server = NotifyServer.builder(service)
                .host("127.0.0.1")
                .port(0)
                .connectionLimits(1_000, 1_000, 1_000)
                .sendLimit(1_000_000, Duration.ofSeconds(5))
                .start();
        network = Network.open(1, server.port());
    }

    @AfterEach
    void stop() {
        network.close();
        server.close();
        service.close();
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void everyNoteToEveryoneComesToEachOnce(Wire wire) throws Exception {
        Ledger ledger = send(wire, new Traffic(true, CLIENTS, 2, 0, false));

        assertThat(ledger.arrived()).isGreaterThanOrEqualTo(ENOUGH);
        assertThat(ledger.missing()).isZero();
        assertThat(ledger.unexpected()).isZero();
        assertThat(ledger.refusals()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void durableNotesToOneInTurnComeToThatOne(Wire wire) throws Exception {
        Ledger ledger = send(wire, new Traffic(false, CLIENTS, 3, 0, true));

        assertThat(ledger.arrived()).isGreaterThanOrEqualTo(ENOUGH);
        assertThat(ledger.missing()).isZero();
        assertThat(ledger.unexpected()).isZero();
        assertThat(ledger.refusals()).isZero();
    }

    @Test
    void aLaneWhoseSendIsRefusedSendsNoMore() throws Exception {
        Traffic traffic = new Traffic(true, CLIENTS, 1, 0, false);
        Ledger ledger = new Ledger(traffic);
        BackEnd backEnd = BackEnd.connect(network, traffic, ledger, token("nobody", "CUSTOMER"));

        backEnd.start();

        assertThat(patience.await(() -> ledger.refusals() > 0, 10)).isTrue();
        assertThat(ledger.expected()).isEqualTo(CLIENTS);
        assertThat(ledger.missing()).isEqualTo(CLIENTS);
    }

    @Test
    void clientsThatAreNotLetInAreSaidToBe() {
        Subscribers strangers =
                new Subscribers(network, Wire.WEBSOCKET, List.of("not-a-token", "nor-this"), (client, note) -> {});

        assertThatThrownBy(() -> strangers.enter(patience, null))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("clients that came in: 0 (expected: 2)");
        assertThat(strangers.lost()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void clientsThatComeBackAreShownWhatCameSince(Wire wire) throws Exception {
        String cursor = String.valueOf(
                service.send(Audience.everyone(), Note.EVENT, new Note(0, 0)).position());
        service.send(Audience.everyone(), Note.EVENT, new Note(1, 0));
        Ledger ledger = new Ledger(new Traffic(true, CLIENTS, 1, 0, true));
        Subscribers clients = new Subscribers(network, wire, tokens(), ledger::arrived);

        clients.enter(patience, cursor);

        assertThat(patience.await(() -> ledger.arrived() == CLIENTS, 10)).isTrue();
        assertThat(ledger.unexpected()).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX) // elsewhere the loopback has one address
    void moreClientsThanAnAddressHasPortsComeFromOthers() throws Exception {
        Channel far = network.connectionOf(40_000)
                .handler(new ChannelInboundHandlerAdapter())
                .connect()
                .sync()
                .channel();

        assertThat(far.localAddress().toString()).startsWith("/127.0.0.3:");
    }

    @Test
    void clientsComeInAgainAfterTheyHaveGone() throws Exception {
        Subscribers clients = new Subscribers(network, Wire.SSE, tokens(), (client, note) -> {});
        for (int i = 1; i <= 2; i++) {
            clients.enter(patience, null);
            assertThat(clients.handshakes().getTotalCount()).isEqualTo(CLIENTS);
            clients.leave();
        }
        assertThat(clients.lost()).isZero();
    }

    @Test
    void nobodyWaitsForAServerThatIsNoMore() {
        Patience over = new Patience(() -> {
            throw new IOException("the server ended with 137");
        });

        assertThatThrownBy(() -> over.pass(60)).hasMessage("the server ended with 137");
    }

    private Ledger send(Wire wire, Traffic traffic) throws Exception {
        Ledger ledger = new Ledger(traffic);
        BackEnd backEnd = BackEnd.connect(network, traffic, ledger, token("back-end", "SERVICE"));
        Subscribers clients = new Subscribers(network, wire, tokens(), (client, note) -> {
            if (ledger.arrived(client, note)) {
                backEnd.delivered(note);
            }
        });
        clients.enter(patience, null);
        backEnd.start();
        patience.await(() -> ledger.arrived() >= ENOUGH, 10);
        backEnd.stop();
        patience.await(() -> ledger.missing() == 0, 10);
        clients.leave();
        return ledger;
    }

    private static List<String> tokens() {
        return IntStream.range(0, CLIENTS)
                .mapToObj(number -> token(Integer.toString(number), "CUSTOMER"))
                .toList();
    }

    private static String token(String user, String role) {
        return JwtIssuer.hmac(SECRET).mint(user, Set.of(role), null, Duration.ofHours(1));
    }
}
