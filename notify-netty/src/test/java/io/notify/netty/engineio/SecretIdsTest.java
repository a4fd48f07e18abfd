package io.notify.netty.engineio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SecretIdsTest {
    private static final int IDS = 2_000;
    private static final int THREADS = 8;

    private final SecretIds ids = new SecretIds();

    @Test
    void areTwentyFourCharactersOfBase64Url() {
        // more than are drawn at once
        for (int i = 0; i < IDS; i++) {
            assertThat(ids.get()).matches("[A-Za-z0-9_-]{24}");
        }
    }

    @Test
    void noneIsGivenTwiceThoughManyThreadsAsk() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            Callable<List<String>> ask =
                    () -> IntStream.range(0, IDS).mapToObj(i -> ids.get()).toList();
            List<Future<List<String>>> asked = IntStream.range(0, THREADS)
                    .mapToObj(t -> threads.submit(ask))
                    .toList();
            List<String> all = new ArrayList<>();
            for (Future<List<String>> some : asked) {
                all.addAll(some.get());
            }
            assertThat(all).hasSize(THREADS * IDS).doesNotHaveDuplicates();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void eachBitIsAsOftenSetAsNot() {
        int[] set = new int[128];
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (int i = 0; i < IDS; i++) {
            String id = ids.get();
            for (int bit = 0; bit < set.length; bit++) {
                set[bit] += alphabet.indexOf(id.charAt(bit / 6)) >> (bit % 6) & 1;
            }
        }
        // eleven standard deviations: what is not wiped or drawn would be 0 or all
        assertThat(Arrays.stream(set).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(750, 1_250));
    }
}
