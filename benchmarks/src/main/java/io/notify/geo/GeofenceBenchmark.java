package io.notify.geo;

import io.notify.GeoPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures searches for about a hundred users around a point, and position updates: a step of some ten meters, and a jump to
 * anywhere. The points are users' own positions, so that most searches are where most users are.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class GeofenceBenchmark {
    private static final int HITS = 100;
    private static final int PLACES = 8_192;
    private static final int CITIES = 200;
    private static final double CITY_DEGREES = 0.05;
    private static final double STEP_DEGREES = 1e-4;
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Set<String> ROLES = Set.of("PROFESSIONAL");

    @Param({"10000", "1000000"})
    public int users;

    /** Over ten by ten degrees of Europe, or around 200 cities in it, the largest with an eighth of all. */
    @Param({"even", "cities"})
    public String spread = "even";

    private final GeoIndex index = new GeoIndex();
    private final List<Place> places = new ArrayList<>();
    private String[] ids;
    private double[] latitudes;
    private double[] longitudes;

    private record Place(GeoPoint center, double radiusMeters) {}

    @Setup
    public void fill() {
        Random random = new Random(42);
        ids = new String[users];
        latitudes = new double[users];
        longitudes = new double[users];
        double[][] cities = cities(random);
        for (int i = 0; i < users; i++) {
            ids[i] = "user-" + i;
            if (spread.equals("even")) {
                latitudes[i] = 45 + random.nextDouble() * 10;
                longitudes[i] = 5 + random.nextDouble() * 10;
            } else {
                // the n-th city has one n-th of the largest one's people
                double[] city = cities[(int) Math.pow(CITIES + 1, random.nextDouble()) - 1];
                latitudes[i] = city[0] + random.nextGaussian() * CITY_DEGREES;
                longitudes[i] = city[1] + random.nextGaussian() * CITY_DEGREES;
            }
            index.update(ids[i], ROLES, latitudes[i], longitudes[i], NOW);
        }
        for (int i = 0; i < PLACES; i++) {
            int user = random.nextInt(users);
            places.add(around(new GeoPoint(latitudes[user], longitudes[user])));
        }
    }

    private static double[][] cities(Random random) {
        double[][] cities = new double[CITIES][];
        for (int i = 0; i < CITIES; i++) {
            cities[i] = new double[] {45 + random.nextDouble() * 10, 5 + random.nextDouble() * 10};
        }
        return cities;
    }

    /** A circle with about as many users as wanted, found by asking. */
    private Place around(GeoPoint center) {
        double radius = 1_000;
        for (int tries = 0; tries < 12; tries++) {
            int hits = query(center, radius).size();
            if (Math.abs(hits - HITS) <= HITS / 10) {
                break;
            }
            radius *= Math.max(0.25, Math.min(4, Math.sqrt(HITS / (double) hits)));
        }
        return new Place(center, radius);
    }

    private Collection<String> query(GeoPoint center, double radiusMeters) {
        return index.within(
                center.latitude(),
                center.longitude(),
                radiusMeters,
                null,
                user -> true,
                NOW.minus(Duration.ofHours(24)));
    }

    @Benchmark
    public Collection<String> query() {
        Place place = places.get(ThreadLocalRandom.current().nextInt(PLACES));
        return query(place.center(), place.radiusMeters());
    }

    @Benchmark
    public int step() {
        int user = ThreadLocalRandom.current().nextInt(users);
        GeoPoint point = next(user);
        index.update(ids[user], ROLES, point.latitude(), point.longitude(), NOW);
        return user;
    }

    /** What of {@link #step} is the benchmark's own: to draw a user whom no cache holds, and to hash their name. */
    @Benchmark
    public int stepUntold() {
        int user = ThreadLocalRandom.current().nextInt(users);
        return ids[user].hashCode() + next(user).hashCode();
    }

    private GeoPoint next(int user) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        latitudes[user] += (random.nextDouble() * 2 - 1) * STEP_DEGREES;
        longitudes[user] += (random.nextDouble() * 2 - 1) * STEP_DEGREES;
        return new GeoPoint(latitudes[user], longitudes[user]);
    }

    /** Two users change places, so that the spread stays what it is. */
    @Benchmark
    @OperationsPerInvocation(2)
    public int jump() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int user = random.nextInt(users);
        int other = random.nextInt(users);
        GeoPoint point = new GeoPoint(latitudes[other], longitudes[other]);
        latitudes[other] = latitudes[user];
        longitudes[other] = longitudes[user];
        latitudes[user] = point.latitude();
        longitudes[user] = point.longitude();
        index.update(ids[user], ROLES, point.latitude(), point.longitude(), NOW);
        index.update(ids[other], ROLES, latitudes[other], longitudes[other], NOW);
        return user;
    }

    @Benchmark
    @Group("together")
    public Collection<String> queryAmidSteps() {
        return query();
    }

    @Benchmark
    @Group("together")
    public int stepAmidQueries() {
        return step();
    }
}
