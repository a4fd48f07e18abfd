package io.notify.geo;

import static org.assertj.core.api.Assertions.assertThat;

import io.notify.GeoPoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeoIndexTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Predicate<String> NOBODY = user -> false;
    private static final Predicate<String> EVERYBODY = user -> true;
    private static final double RADIUS = 6_371_008.8;
    private static final double DEGREE = RADIUS * Math.PI / 180;

    private final GeoIndex index = new GeoIndex();

    @Test
    void theLastPositionCounts() {
        at("ann", 52.52, 13.405);
        at("ann", 48.137, 11.575);

        assertThat(index.location("ann", GeoPoint::new)).contains(new GeoPoint(48.137, 11.575));
        assertThat(near(52.52, 13.405, 1_000)).isEmpty();
        assertThat(near(48.137, 11.575, 0)).containsExactly("ann");
        index.remove("ann");
        assertThat(index.location("ann", GeoPoint::new)).isEmpty();
        assertThat(near(48.137, 11.575, 1_000)).isEmpty();
    }

    @Test
    void aSmallStepTakesRolesAndTimeAlong() {
        update("ann", Set.of("PRO"), new GeoPoint(1, 1), NOW);
        update("ann", Set.of("CUSTOMER"), new GeoPoint(1.00001, 1), NOW.plusSeconds(1));

        assertThat(index.location("ann", GeoPoint::new)).contains(new GeoPoint(1.00001, 1));
        assertThat(near(1, 1, 1)).isEmpty();
        assertThat(near(1.00001, 1, 0)).containsExactly("ann");
        GeoPoint center = new GeoPoint(1, 1);
        assertThat(within(center, 10, "PRO", EVERYBODY, NOW)).isEmpty();
        assertThat(within(center, 10, "CUSTOMER", EVERYBODY, NOW)).containsExactly("ann");
        assertThat(within(center, 10, null, NOBODY, NOW.plusSeconds(1))).containsExactly("ann");
        index.purge(NOW.plusSeconds(1), NOBODY);
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void distancesAreGreatCircles() {
        at("paris", 48.8566, 2.3522);

        // London to Paris is 343.5 km
        assertThat(near(51.5074, -0.1278, 343_000)).isEmpty();
        assertThat(near(51.5074, -0.1278, 344_000)).containsExactly("paris");
    }

    @ParameterizedTest
    @CsvSource({
        "0,179.999,0,-179.999,223",
        "0,180,0,-180,0",
        "-16.8,-179.99,-16.8,179.99,2130",
        "60,179.5,60,-179.5,55800"
    })
    void theAntimeridianIsNoBorder(double lat, double lon, double otherLat, double otherLon, double meters) {
        at("ann", otherLat, otherLon);

        assertThat(near(lat, lon, meters)).containsExactly("ann");
        assertThat(near(lat, lon, meters * 0.99)).hasSize(meters == 0 ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({"90,0", "-90,0", "90,180", "89.999,-70", "-89.9999,120"})
    void polesAreOrdinaryPlaces(double lat, double lon) {
        double around = lat > 0 ? 89.99 : -89.99;
        for (int i = -180; i <= 180; i += 30) {
            at("u" + i, around, i);
        }

        assertThat(near(lat, lon, 0.012 * DEGREE)).hasSize(13);
        assertThat(near(lat, lon, 0.008 * DEGREE)).isEmpty();
    }

    @Test
    void overThePoleIsTheShortWay() {
        at("ann", 89.9, 0);

        assertThat(near(89.9, 180, 0.2001 * DEGREE)).containsExactly("ann");
        assertThat(near(89.9, 180, 0.1999 * DEGREE)).isEmpty();
    }

    @Test
    void halfTheGlobeAndAllOfIt() {
        at("here", 0, 0);
        at("quarter", 0, 89.9);
        at("beyond", 0, 90.1);
        at("antipode", 0, 180);
        at("north", 89.9, 12);

        assertThat(near(0, 0, 90 * DEGREE)).containsExactlyInAnyOrder("here", "quarter", "north");
        assertThat(near(0, 0, 180 * DEGREE)).hasSize(5);
        assertThat(near(0, 0, 1e12)).hasSize(5);
        assertThat(near(0, 0, Double.MAX_VALUE)).hasSize(5);
        assertThat(near(10, 0, 170.001 * DEGREE)).hasSize(5);
    }

    @Test
    void rolesFilter() {
        update("ann", Set.of("PRO", "ADMIN"), new GeoPoint(1, 1), NOW);
        update("bob", Set.of("CUSTOMER"), new GeoPoint(1, 1), NOW);

        assertThat(within(new GeoPoint(1, 1), 10, "PRO", EVERYBODY, NOW)).containsExactly("ann");
        assertThat(within(new GeoPoint(1, 1), 10, "NONE", EVERYBODY, NOW)).isEmpty();
    }

    @Test
    void whoIsOfflineCountsWhileTheirPositionIsYoung() {
        at("ann", 1, 1);

        assertThat(within(new GeoPoint(1, 1), 10, null, NOBODY, NOW)).containsExactly("ann");
        assertThat(within(new GeoPoint(1, 1), 10, null, NOBODY, NOW.plusMillis(1)))
                .isEmpty();
        assertThat(within(new GeoPoint(1, 1), 10, null, "ann"::equals, NOW.plusMillis(1)))
                .containsExactly("ann");
    }

    @Test
    void purgingForgetsStalePositionsOfWhoIsOffline() {
        at("online", 1, 1);
        at("offline", 1, 1);
        update("young", Set.of(), new GeoPoint(1, 1), NOW.plusSeconds(1));

        index.purge(NOW.plusSeconds(1), "online"::equals);

        assertThat(near(1, 1, 10)).containsExactlyInAnyOrder("online", "young");
        assertThat(index.size()).isEqualTo(2);
    }

    @Test
    void aThousandAtOnePointAreAllFound() {
        for (int i = 0; i < 1_000; i++) {
            at("u" + i, 52.5, 13.4);
        }

        assertThat(near(52.5, 13.4, 0)).hasSize(1_000);
    }

    @Test
    void itFindsWhatLookingAtEveryoneFinds() {
        Random random = new Random(42);
        Map<String, GeoPoint> all = new HashMap<>();
        for (int round = 0; round < 6; round++) {
            for (int i = 0; i < 3_000; i++) {
                String user = "u" + random.nextInt(8_000);
                GeoPoint point = anywhere(random);
                update(user, Set.of(), point, NOW);
                all.put(user, point);
            }
            for (int i = 0; i < 500; i++) {
                String user = "u" + random.nextInt(8_000);
                index.remove(user);
                all.remove(user);
            }
            if (round % 2 == 1) {
                index.purge(NOW, NOBODY);
            }
            for (int i = 0; i < 150; i++) {
                GeoPoint center = anywhere(random);
                double radius = Math.pow(10, random.nextDouble() * 7.5);
                Set<String> expected = new HashSet<>();
                all.forEach((user, point) -> {
                    if (haversine(center, point) <= radius) {
                        expected.add(user);
                    }
                });
                assertThat(new HashSet<>(within(center, radius, null, EVERYBODY, NOW)))
                        .as(center + " " + radius)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void cellsAreGivenBackAndNobodyIsLost() {
        for (int i = 0; i < 5_000; i++) {
            update("u" + i, Set.of(), new GeoPoint(10 + i * 1e-4, 10), i < 10 ? NOW : NOW.minusSeconds(1));
        }
        index.purge(NOW, NOBODY);

        assertThat(near(10, 10, 100_000)).hasSize(10);
        for (int i = 0; i < 5_000; i++) {
            at("u" + i, 10 + i * 1e-4, 10);
        }
        assertThat(near(10, 10, 100_000)).hasSize(5_000);
    }

    @Test
    void nobodyWhoMovesAboutInsideTheCircleIsMissed() throws Exception {
        int users = 200;
        Random start = new Random(1);
        for (int i = 0; i < users; i++) {
            update("u" + i, Set.of(), around(start), NOW);
        }
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> movers = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                int mine = t;
                movers.add(threads.submit(() -> {
                    Random random = new Random(mine);
                    while (!done.get()) {
                        update("u" + (random.nextInt(users / 2) * 2 + mine), Set.of(), around(random), NOW);
                        // others come and go, so that cells are cut and mended
                        String visitor = "v" + mine + random.nextInt(500);
                        if (random.nextBoolean()) {
                            update(visitor, Set.of(), around(random), NOW.minusSeconds(9));
                        } else {
                            index.remove(visitor);
                        }
                    }
                }));
            }
            movers.add(threads.submit(() -> {
                while (!done.get()) {
                    index.purge(NOW, NOBODY);
                }
            }));
            for (int i = 0; i < 3_000; i++) {
                Collection<String> found = within(new GeoPoint(52.5, 13.4), 50_000, null, NOBODY, NOW);
                assertThat(found).hasSize(users);
            }
            done.set(true);
            for (Future<?> mover : movers) {
                mover.get();
            }
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
        index.purge(NOW, NOBODY);
        assertThat(near(52.5, 13.4, 50_000)).hasSize(users);
        assertThat(index.size()).isEqualTo(users);
    }

    @Test
    void whoeverLooksSeesOneOfTheTwoPlacesAndNoMixOfBoth() throws Exception {
        GeoPoint here = new GeoPoint(10, 10);
        GeoPoint there = new GeoPoint(20, 20);
        at("ann", 10, 10);
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> mover = thread.submit(() -> {
                for (int i = 0; !done.get(); i++) {
                    update("ann", Set.of(), i % 2 == 0 ? there : here, NOW);
                }
            });
            for (int i = 0; i < 200_000; i++) {
                assertThat(index.location("ann", GeoPoint::new).orElseThrow()).isIn(here, there);
                if (i % 10 == 0) {
                    // both are in it, what has the latitude of the second and the longitude of the first is not
                    assertThat(near(14, 16, 810_000)).containsExactly("ann");
                }
            }
            done.set(true);
            mover.get();
        } finally {
            done.set(true);
            thread.shutdownNow();
        }
    }

    private static GeoPoint around(Random random) {
        return new GeoPoint(52.5 + random.nextDouble() * 0.2 - 0.1, 13.4 + random.nextDouble() * 0.2 - 0.1);
    }

    private static GeoPoint anywhere(Random random) {
        return switch (random.nextInt(5)) {
            case 0 ->
                new GeoPoint(
                        (random.nextBoolean() ? 1 : -1) * (90 - Math.abs(random.nextGaussian()) % 5),
                        random.nextDouble() * 360 - 180);
            case 1 ->
                new GeoPoint(random.nextGaussian() * 5, (random.nextBoolean() ? 1 : -1) * (180 - random.nextDouble()));
            case 2 -> new GeoPoint(52.5 + random.nextGaussian() * 0.01, 13.4 + random.nextGaussian() * 0.01);
            default ->
                new GeoPoint(Math.toDegrees(Math.asin(random.nextDouble() * 2 - 1)), random.nextDouble() * 360 - 180);
        };
    }

    private static double haversine(GeoPoint a, GeoPoint b) {
        double dLat = Math.toRadians(b.latitude() - a.latitude()) / 2;
        double dLon = Math.toRadians(b.longitude() - a.longitude()) / 2;
        double h = Math.sin(dLat) * Math.sin(dLat)
                + Math.cos(Math.toRadians(a.latitude()))
                        * Math.cos(Math.toRadians(b.latitude()))
                        * Math.sin(dLon)
                        * Math.sin(dLon);
        return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
    }

    private void at(String user, double latitude, double longitude) {
        update(user, Set.of(), new GeoPoint(latitude, longitude), NOW);
    }

    private Collection<String> near(double latitude, double longitude, double meters) {
        return within(new GeoPoint(latitude, longitude), meters, null, EVERYBODY, NOW);
    }

    private void update(String user, Set<String> roles, GeoPoint point, Instant at) {
        index.update(user, roles, point.latitude(), point.longitude(), at);
    }

    private Collection<String> within(
            GeoPoint center, double meters, String role, Predicate<String> online, Instant notBefore) {
        return index.within(center.latitude(), center.longitude(), meters, role, online, notBefore);
    }
}
