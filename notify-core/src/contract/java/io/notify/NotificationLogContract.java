package io.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link NotificationLog} does. An implementation's test extends this class and says how to make one.
 */
public abstract class NotificationLogContract {
    private static final Instant T0 = Instant.parse("2026-03-29T00:30:00.123Z");
    private static final Set<String> NONE = Set.of();
    private static final String DIGEST = "0".repeat(64);
    private static final String OTHER_DIGEST = "1".repeat(64);

    private final List<NotificationLog> opened = new ArrayList<>();
    private NotificationLog log;
    private String epoch;

    /** A log over a new, empty store, not yet opened. The contract closes it. */
    protected abstract NotificationLog create() throws Exception;

    /**
     * Another log, not yet opened, over the store of the last one created, which may be open or closed; empty if a store
     * belongs to one log alone.
     */
    protected abstract Optional<NotificationLog> reopen() throws Exception;

    @BeforeEach
    void openLog() throws Exception {
        log = create();
        opened.add(log);
        epoch = log.open().epoch();
    }

    @AfterEach
    void closeLogs() {
        opened.forEach(NotificationLog::close);
    }

    // ---- append ----

    @Test
    void aNewLogIsEmptyAndItsHeadIsZero() {
        assertThat(log.head()).isEqualTo(at(0));
        LogSlice slice = log.read(reader("ann"), 0, 10, T0);
        assertThat(slice.head()).isEqualTo(at(0));
        assertThat(slice.purgedThrough()).isZero();
        assertThat(slice.records()).isEmpty();
        assertThat(slice.more()).isFalse();
        assertThat(log.count(reader("ann"), 0, 10, T0)).isZero();
        assertThat(log.unread(reader("ann"), T0)).isZero();
        assertThat(log.logs(new Logs().filter()).rows()).isEmpty();
        assertThat(log.logs(new Logs().filter()).next()).isNull();
    }

    @Test
    void twoLogsHaveDifferentEpochs() throws Exception {
        log.close();
        NotificationLog other = create();
        opened.add(other);
        assertThat(other.open().epoch()).isNotEqualTo(epoch);
    }

    @Test
    void positionsRiseByOneFromOneInTheOrderOfTheBatch() {
        List<LogEntry> first = personal("ann", 3);
        List<LogEntry> second = personal("bob", 2);

        assertThat(log.append(first)).containsExactly(stored(1), stored(2), stored(3));
        assertThat(log.append(second)).containsExactly(stored(4), stored(5));
        assertThat(log.head()).isEqualTo(at(5));
        assertThat(ids(log.read(reader("ann"), 0, 10, T0))).isEqualTo(ids(first));
        assertThat(seqs(log.read(reader("bob"), 0, 10, T0))).containsExactly(4L, 5L);
    }

    @Test
    void aFullBatchIsOneRun() {
        List<Appended> answers = log.append(personal("ann", 512));
        assertThat(answers)
                .isEqualTo(IntStream.rangeClosed(1, 512)
                        .mapToObj(NotificationLogContract.this::stored)
                        .toList());
        assertThat(seqs(log.read(reader("ann"), 0, 10_000, T0)))
                .isEqualTo(LongStream.rangeClosed(1, 512).boxed().toList());
    }

    @Test
    void aRecordIsWhatWasAppended() {
        String payload = "{\"title\":\"Grüße 👋\",\"data\":{\"path\":\"C:\\\\x\",\"q\":\"it's\"}}";
        LogEntry entry =
                entry("ann").payload(payload).expiresAt(T0.plusSeconds(60)).make();
        log.append(List.of(entry));

        LogRecord record = only(log.read(reader("ann"), 0, 10, T0));
        assertThat(record.position()).isEqualTo(at(1));
        assertThat(record.id()).isEqualTo(entry.id());
        assertThat(record.event()).isEqualTo("booking.created");
        assertThat(text(record.payload())).isEqualTo(payload);
        assertThat(record.createdAt()).isEqualTo(T0);
        assertThat(record.expiresAt()).isEqualTo(T0.plusSeconds(60));
        assertThat(record.readAt()).isNull();
    }

    @Test
    void timesKeepTheirMillisecondsThroughHoursThatClocksSkipOrRepeat() {
        // 01:30 UTC is skipped by Berlin's clocks on the first day and repeated on the second
        List<Instant> times = List.of(
                Instant.parse("2026-03-29T01:30:00.001Z"),
                Instant.parse("2026-10-25T00:30:00.999Z"),
                Instant.parse("2026-10-25T01:30:00.500Z"));
        times.forEach(t -> log.append(List.of(entry("ann").createdAt(t).make())));
        assertThat(log.read(reader("ann"), 0, 10, T0).records())
                .extracting(LogRecord::createdAt)
                .isEqualTo(times);
    }

    @Test
    void namesOfFullLengthAreStored() {
        String name = "x".repeat(255);
        LogEntry entry = entry(name)
                .event(name)
                .collapseKey(name)
                .idempotency(name, name, DIGEST)
                .make();
        LogEntry session =
                entry(LogEntry.EVERY_USER).audience("session:" + name).make();
        assertThat(log.append(List.of(entry, session))).containsExactly(stored(1), stored(2));
        assertThat(seqs(log.read(new LogReader(name, Set.of("session:" + name)), 0, 10, T0)))
                .containsExactly(1L, 2L);
    }

    // ---- bad rows ----

    @Test
    void aPayloadAtTheLimitIsStoredAndOneBeyondItIsRejectedAlone() {
        LogEntry fits = entry("ann").payload("x".repeat(LogEntry.MAX_PAYLOAD)).make();
        LogEntry tooLong =
                entry("ann").payload("x".repeat(LogEntry.MAX_PAYLOAD + 1)).make();
        List<LogEntry> around = personal("ann", 2);

        List<Appended> answers = log.append(List.of(around.get(0), tooLong, around.get(1)));
        assertThat(answers.get(0)).isEqualTo(stored(1));
        assertThat(answers.get(1)).isInstanceOf(Appended.Rejected.class);
        assertThat(answers.get(2)).isEqualTo(stored(2));
        assertThat(log.append(List.of(fits))).containsExactly(stored(3));
        assertThat(log.head()).isEqualTo(at(3));
    }

    @Test
    void anIdUsedTwiceIsRejectedAloneWithinABatchAndAcrossBatches() {
        List<LogEntry> batch = new ArrayList<>(personal("ann", 40));
        UUID taken = batch.get(3).id();
        batch.add(17, entry("ann").id(taken).make());
        batch.add(31, entry("ann").id(taken).make());

        List<Appended> answers = log.append(batch);
        long seq = 0;
        for (int i = 0; i < batch.size(); i++) {
            if (i == 17 || i == 31) {
                assertThat(answers.get(i)).isInstanceOf(Appended.Rejected.class);
            } else {
                assertThat(answers.get(i)).isEqualTo(stored(++seq));
            }
        }
        assertThat(log.append(List.of(entry("bob").id(taken).make()))).hasOnlyElementsOfType(Appended.Rejected.class);
        assertThat(log.head()).isEqualTo(at(40));
        assertThat(log.read(reader("ann"), 0, 100, T0).records()).hasSize(40);
    }

    @Test
    void aRejectedRowDoesNotUseUpItsKey() {
        LogEntry good = entry("ann").make();
        LogEntry bad =
                entry("ann").id(good.id()).idempotency("svc", "k", DIGEST).make();
        LogEntry again = entry("ann").idempotency("svc", "k", DIGEST).make();

        List<Appended> answers = log.append(List.of(good, bad, again));
        assertThat(answers.get(0)).isEqualTo(stored(1));
        assertThat(answers.get(1)).isInstanceOf(Appended.Rejected.class);
        assertThat(answers.get(2)).isEqualTo(stored(2));
    }

    @Test
    void aBadRowLeavesNoTraceInRecipientsOrCollapseKeys() {
        LogEntry first =
                entry(LogEntry.EVERY_USER).audience("room:r").collapseKey("c").make();
        LogEntry bad = entry(LogEntry.EVERY_USER)
                .id(first.id())
                .audience("room:r")
                .collapseKey("c")
                .make();
        LogEntry badList = entry(LogEntry.EVERY_USER)
                .id(first.id())
                .audience("users")
                .recipients("ann")
                .make();
        log.append(List.of(first, bad, badList));
        log.append(personal("bob", 3));
        assertThat(seqs(log.read(new LogReader("ann", Set.of("room:r")), 0, 10, T0)))
                .containsExactly(1L);
    }

    // ---- idempotency ----

    @Test
    void aKeyUsedAgainWithTheSameContentAnswersTheFirst() {
        LogEntry first = entry("ann").idempotency("svc", "k", DIGEST).make();
        LogEntry inBatch = entry("ann").idempotency("svc", "k", DIGEST).make();
        LogEntry later = entry("ann").idempotency("svc", "k", DIGEST).make();

        assertThat(log.append(List.of(first, inBatch)))
                .containsExactly(stored(1), new Appended.Duplicate(first.id(), at(1)));
        assertThat(log.append(List.of(later, entry("ann").make())))
                .containsExactly(new Appended.Duplicate(first.id(), at(1)), stored(2));
        assertThat(log.head()).isEqualTo(at(2));
        assertThat(seqs(log.read(reader("ann"), 0, 10, T0))).containsExactly(1L, 2L);
    }

    @Test
    void aKeyUsedAgainWithOtherContentIsAConflict() {
        log.append(List.of(entry("ann").idempotency("svc", "k", DIGEST).make()));
        LogEntry other = entry("ann").idempotency("svc", "k", OTHER_DIGEST).make();
        LogEntry fresh = entry("ann").idempotency("svc", "k2", DIGEST).make();
        LogEntry otherInBatch =
                entry("ann").idempotency("svc", "k2", OTHER_DIGEST).make();
        assertThat(log.append(List.of(other, fresh, otherInBatch)))
                .containsExactly(new Appended.Conflict(), stored(2), new Appended.Conflict());
        assertThat(log.head()).isEqualTo(at(2));
    }

    @Test
    void keysOfDifferentSendersNeverMeetNorDoThoseInAnotherCase() {
        assertThat(log.append(List.of(
                        entry("ann").idempotency("svc", "k", DIGEST).make(),
                        entry("ann").idempotency("other", "k", OTHER_DIGEST).make(),
                        entry("ann").idempotency("Svc", "k", OTHER_DIGEST).make(),
                        entry("ann").idempotency("svc", "K", OTHER_DIGEST).make())))
                .containsExactly(stored(1), stored(2), stored(3), stored(4));
    }

    @Test
    void aKeyLastsTwentyFourHours() {
        LogEntry first = entry("ann").idempotency("svc", "k", DIGEST).make();
        Duration day = Duration.ofHours(24);
        log.append(List.of(first));
        assertThat(log.append(List.of(entry("ann")
                        .createdAt(T0.plus(day).minusMillis(1))
                        .idempotency("svc", "k", DIGEST)
                        .make())))
                .containsExactly(new Appended.Duplicate(first.id(), at(1)));

        LogEntry second = entry("ann")
                .createdAt(T0.plus(day))
                .idempotency("svc", "k", OTHER_DIGEST)
                .make();
        assertThat(log.append(List.of(second))).containsExactly(stored(2));
        assertThat(log.append(List.of(entry("ann")
                        .createdAt(T0.plus(day).plusSeconds(1))
                        .idempotency("svc", "k", OTHER_DIGEST)
                        .make())))
                .containsExactly(new Appended.Duplicate(second.id(), at(2)));
    }

    @Test
    void aKeyOutlivesItsRow() {
        LogEntry first = entry("ann").idempotency("svc", "k", DIGEST).make();
        log.append(List.of(first));
        log.purge(T0.plusSeconds(1), 10, T0.plusSeconds(1));
        assertThat(log.append(List.of(entry("ann")
                        .createdAt(T0.plusSeconds(2))
                        .idempotency("svc", "k", DIGEST)
                        .make())))
                .containsExactly(new Appended.Duplicate(first.id(), at(1)));
    }

    @Test
    void manyKeysInOneBatchAreAllRecognisedLater() {
        List<LogEntry> batch = IntStream.range(0, 512)
                .mapToObj(i -> entry("ann").idempotency("svc", "k" + i, DIGEST).make())
                .toList();
        assertThat(log.append(batch)).hasOnlyElementsOfType(Appended.Stored.class);
        List<LogEntry> again = IntStream.range(0, 512)
                .mapToObj(i -> entry("ann").idempotency("svc", "k" + i, DIGEST).make())
                .toList();
        List<Appended> answers = log.append(again);
        for (int i = 0; i < 512; i++) {
            assertThat(answers.get(i))
                    .isEqualTo(new Appended.Duplicate(batch.get(i).id(), at(i + 1)));
        }
        assertThat(log.head()).isEqualTo(at(512));
    }

    // ---- who sees what ----

    @Test
    void aReaderSeesTheirOwnRowsTheListedOnesAndThoseOfTheirAudiences() {
        log.append(List.of(
                entry("ann").make(), // 1
                entry("bob").make(), // 2
                wide("everyone"), // 3
                wide("role:ADMIN"), // 4
                wide("room:job:7"), // 5
                entry(LogEntry.EVERY_USER)
                        .audience("users")
                        .recipients("bob", "ann")
                        .make(), // 6
                entry(LogEntry.EVERY_USER).audience("nearby").recipients("bob").make(), // 7
                wide("session:s1"), // 8
                entry("Ann").make())); // 9

        assertThat(seqs(log.read(new LogReader("ann", Set.of("everyone", "role:ADMIN")), 0, 10, T0)))
                .containsExactly(1L, 3L, 4L, 6L);
        assertThat(seqs(log.read(reader("ann"), 0, 10, T0))).containsExactly(1L, 6L);
        assertThat(seqs(log.read(new LogReader("bob", Set.of("room:job:7", "session:s1")), 0, 10, T0)))
                .containsExactly(2L, 5L, 6L, 7L, 8L);
        assertThat(seqs(log.read(new LogReader("eve", Set.of("everyone", "Role:admin", "room:job:70")), 0, 10, T0)))
                .containsExactly(3L);
        assertThat(seqs(log.read(reader("eve"), 0, 10, T0))).isEmpty();
    }

    @Test
    void aRowThatAReaderMaySeeTwiceOverIsReadOnce() {
        log.append(List.of(
                entry("ann").make(),
                entry(LogEntry.EVERY_USER).audience("users").recipients("ann").make(),
                wide("everyone")));
        LogReader reader = new LogReader("ann", Set.of("user:ann", "users", "everyone"));
        assertThat(seqs(log.read(reader, 0, 10, T0))).containsExactly(1L, 2L, 3L);
        assertThat(log.count(reader, 0, 10, T0)).isEqualTo(3);
        assertThat(log.unread(reader, T0)).isEqualTo(3);
        LogSlice page = log.read(reader, 0, 3, T0);
        assertThat(page.more()).isFalse();
        assertThat(log.markAllRead(reader, T0)).hasSize(3);
    }

    @Test
    void aUserNamedLikeTheWideRowsSeesNoneOfThem() {
        log.append(List.of(
                wide("role:ADMIN"),
                entry(LogEntry.EVERY_USER).audience("users").recipients("bob").make()));
        LogReader star = reader(LogEntry.EVERY_USER);
        UUID id = log.logs(new Logs().filter()).rows().get(0).id();
        assertThat(log.read(star, 0, 10, T0).records()).isEmpty();
        assertThat(log.unread(star, T0)).isZero();
        assertThat(log.markRead(star, id, T0)).isEmpty();
        assertThat(log.markAllRead(star, T0)).isEmpty();
    }

    @Test
    void aListOfThousandsIsOneRow() {
        String[] users = IntStream.range(0, 10_000).mapToObj(i -> "u" + i).toArray(String[]::new);
        LogEntry entry =
                entry(LogEntry.EVERY_USER).audience("users").recipients(users).make();
        assertThat(log.append(List.of(entry))).containsExactly(stored(1));
        assertThat(ids(log.read(reader("u0"), 0, 10, T0))).containsExactly(entry.id());
        assertThat(ids(log.read(reader("u9999"), 0, 10, T0))).containsExactly(entry.id());
        assertThat(log.read(reader("u10000"), 0, 10, T0).records()).isEmpty();
    }

    @Test
    void aReaderOfManyAudiencesGetsThemInOneOrder() {
        List<LogEntry> batch =
                IntStream.range(0, 260).mapToObj(i -> wide("room:" + i % 130)).toList();
        log.append(batch);
        Set<String> rooms = new HashSet<>();
        IntStream.range(0, 130).forEach(i -> rooms.add("room:" + i));
        assertThat(ids(log.read(new LogReader("ann", rooms), 0, 1_000, T0))).isEqualTo(ids(batch));
    }

    // ---- expiry and collapse ----

    @Test
    void aRowIsSeenUntilItsExpiryAndNotAtIt() {
        Instant end = T0.plusSeconds(10);
        log.append(List.of(entry("ann").expiresAt(end).make(), entry("ann").make(), wideUntil("everyone", end)));
        LogReader ann = new LogReader("ann", Set.of("everyone"));
        Instant before = end.minusMillis(1);

        assertThat(seqs(log.read(ann, 0, 10, before))).containsExactly(1L, 2L, 3L);
        assertThat(seqs(log.read(ann, 0, 10, end))).containsExactly(2L);
        assertThat(log.count(ann, 0, 10, before)).isEqualTo(3);
        assertThat(log.count(ann, 0, 10, end)).isEqualTo(1);
        assertThat(log.unread(ann, before)).isEqualTo(3);
        assertThat(log.unread(ann, end)).isEqualTo(1);
        assertThat(seqs(log.history(ann, newest(10), before))).containsExactly(1L, 2L, 3L);
        assertThat(seqs(log.history(ann, newest(10), end))).containsExactly(2L);
    }

    @Test
    void ofOneAudienceAndCollapseKeyOnlyTheLastIsReplayed() {
        log.append(List.of(
                collapsing("room:a", "k"), // 1
                collapsing("room:b", "k"), // 2, another audience
                collapsing("room:a", "other"), // 3
                collapsing("room:a", "k"), // 4
                collapsing("room:a", "K"), // 5, another case
                wide("room:a"))); // 6
        log.append(List.of(collapsing("room:a", "k"))); // 7
        LogReader reader = new LogReader("ann", Set.of("room:a", "room:b"));

        assertThat(seqs(log.read(reader, 0, 10, T0))).containsExactly(2L, 3L, 5L, 6L, 7L);
        assertThat(log.count(reader, 0, 10, T0)).isEqualTo(5);
        assertThat(seqs(log.read(reader, 0, 3, T0))).containsExactly(2L, 3L, 5L);
        assertThat(seqs(log.history(reader, newest(10), T0))).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }

    @Test
    void aRowThatWasReplacedDoesNotComeBackWhenItsSuccessorExpires() {
        Instant end = T0.plusSeconds(10);
        log.append(List.of(
                entry("ann").collapseKey("k").make(),
                entry("ann").collapseKey("k").expiresAt(end).make()));
        assertThat(seqs(log.read(reader("ann"), 0, 10, T0))).containsExactly(2L);
        assertThat(log.read(reader("ann"), 0, 10, end).records()).isEmpty();
    }

    @Test
    void aListReplacesOnlyForThoseItNames() {
        log.append(List.of(
                entry(LogEntry.EVERY_USER)
                        .audience("users")
                        .recipients("ann", "bob")
                        .collapseKey("k")
                        .make(),
                entry(LogEntry.EVERY_USER)
                        .audience("users")
                        .recipients("bob", "cat")
                        .collapseKey("k")
                        .make()));
        assertThat(seqs(log.read(reader("ann"), 0, 10, T0))).containsExactly(1L);
        assertThat(seqs(log.read(reader("bob"), 0, 10, T0))).containsExactly(2L);
        assertThat(seqs(log.read(reader("cat"), 0, 10, T0))).containsExactly(2L);
        assertThat(log.count(reader("bob"), 0, 10, T0)).isEqualTo(1);
    }

    // ---- reading in parts ----

    @Test
    void aReadIsBoundedAndSaysWhetherThereIsMore() {
        log.append(IntStream.range(0, 10)
                .mapToObj(i -> i % 2 == 0 ? entry("ann").make() : wide("everyone"))
                .toList());
        log.append(personal("bob", 5));
        LogReader ann = new LogReader("ann", Set.of("everyone"));

        LogSlice first = log.read(ann, 0, 4, T0);
        assertThat(seqs(first)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(first.more()).isTrue();
        assertThat(first.head()).isEqualTo(at(15));
        LogSlice second = log.read(ann, 4, 6, T0);
        assertThat(seqs(second)).containsExactly(5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(second.more()).isFalse();
        assertThat(log.read(ann, 10, 6, T0).records()).isEmpty();
        assertThat(log.read(ann, 10, 6, T0).more()).isFalse();
        assertThat(log.read(ann, 99, 6, T0).records()).isEmpty();
    }

    @Test
    void aCountStopsAtItsBound() {
        log.append(IntStream.range(0, 10)
                .mapToObj(i -> i % 2 == 0 ? entry("ann").make() : wide("everyone"))
                .toList());
        LogReader ann = new LogReader("ann", Set.of("everyone"));
        assertThat(log.count(ann, 0, 100, T0)).isEqualTo(10);
        assertThat(log.count(ann, 0, 10, T0)).isEqualTo(10);
        assertThat(log.count(ann, 0, 7, T0)).isEqualTo(7);
        assertThat(log.count(ann, 8, 7, T0)).isEqualTo(2);
    }

    @Test
    void historyIsPagedBothWays() {
        log.append(personal("ann", 10));
        LogReader ann = reader("ann");

        LogSlice newest = log.history(ann, newest(4), T0);
        assertThat(seqs(newest)).containsExactly(7L, 8L, 9L, 10L);
        assertThat(newest.more()).isTrue();
        LogSlice older = log.history(ann, new HistoryQuery(null, 7L, 4, false, null), T0);
        assertThat(seqs(older)).containsExactly(3L, 4L, 5L, 6L);
        assertThat(older.more()).isTrue();
        LogSlice oldest = log.history(ann, new HistoryQuery(null, 3L, 4, false, null), T0);
        assertThat(seqs(oldest)).containsExactly(1L, 2L);
        assertThat(oldest.more()).isFalse();

        LogSlice after = log.history(ann, new HistoryQuery(2L, null, 4, false, null), T0);
        assertThat(seqs(after)).containsExactly(3L, 4L, 5L, 6L);
        assertThat(after.more()).isTrue();
        LogSlice last = log.history(ann, new HistoryQuery(6L, null, 4, false, null), T0);
        assertThat(seqs(last)).containsExactly(7L, 8L, 9L, 10L);
        assertThat(last.more()).isFalse();
        LogSlice between = log.history(ann, new HistoryQuery(2L, 5L, 4, false, null), T0);
        assertThat(seqs(between)).containsExactly(3L, 4L);
        assertThat(between.more()).isFalse();
        assertThat(between.head()).isEqualTo(at(10));
    }

    @Test
    void historyIsFilteredByEventAndByWhatIsUnread() {
        log.append(List.of(
                entry("ann").event("a").make(),
                entry("ann").event("b").make(),
                wide("everyone"),
                entry("ann").event("a").make(),
                wide("everyone")));
        LogReader ann = new LogReader("ann", Set.of("everyone"));
        List<UUID> all = ids(log.history(ann, newest(10), T0));
        log.markRead(ann, all.get(0), T0);
        log.markRead(ann, all.get(2), T0.plusMillis(5));

        assertThat(seqs(log.history(ann, new HistoryQuery(0L, null, 10, false, "a"), T0)))
                .containsExactly(1L, 4L);
        assertThat(seqs(log.history(ann, new HistoryQuery(null, null, 10, true, null), T0)))
                .containsExactly(2L, 4L, 5L);
        assertThat(seqs(log.history(ann, new HistoryQuery(0L, null, 10, true, "a"), T0)))
                .containsExactly(4L);
        assertThat(log.history(ann, new HistoryQuery(0L, null, 10, false, null), T0)
                        .records())
                .extracting(LogRecord::readAt)
                .containsExactly(T0, null, T0.plusMillis(5), null, null);
        LogReader bob = new LogReader("bob", Set.of("everyone"));
        assertThat(seqs(log.history(bob, new HistoryQuery(0L, null, 10, true, null), T0)))
                .containsExactly(3L, 5L);
    }

    // ---- reading marks ----

    @Test
    void aRowIsMarkedReadOnceAndKeepsTheFirstTime() {
        LogEntry own = entry("ann").make();
        LogEntry everyone = wide("everyone");
        LogEntry listed =
                entry(LogEntry.EVERY_USER).audience("users").recipients("ann").make();
        log.append(List.of(own, everyone, listed));
        LogReader ann = new LogReader("ann", Set.of("everyone"));
        Instant first = T0.plusMillis(77);

        for (LogEntry entry : List.of(own, everyone, listed)) {
            assertThat(log.markRead(ann, entry.id(), first)).contains(first);
            assertThat(log.markRead(ann, entry.id(), first.plusSeconds(9))).contains(first);
        }
        assertThat(log.read(ann, 0, 10, T0).records())
                .extracting(LogRecord::readAt)
                .containsExactly(first, first, first);
        assertThat(log.unread(ann, T0)).isZero();
        assertThat(log.unread(new LogReader("bob", Set.of("everyone")), T0)).isEqualTo(1);
    }

    @Test
    void anUnknownOrForeignRowCannotBeMarkedRead() {
        LogEntry own = entry("ann").make();
        LogEntry admins = wide("role:ADMIN");
        LogEntry listed =
                entry(LogEntry.EVERY_USER).audience("users").recipients("ann").make();
        log.append(List.of(own, admins, listed));
        LogReader bob = new LogReader("bob", Set.of("everyone"));
        for (LogEntry entry : List.of(own, admins, listed)) {
            assertThat(log.markRead(bob, entry.id(), T0)).isEmpty();
        }
        assertThat(log.markRead(bob, UUID.randomUUID(), T0)).isEmpty();
        assertThat(log.read(reader("ann"), 0, 10, T0).records())
                .extracting(LogRecord::readAt)
                .containsOnlyNulls();
        assertThat(log.logs(new Logs().read(true).filter()).rows()).isEmpty();
    }

    @Test
    void whoReadsAnothersRowThroughAnAudienceDoesNotReadItForThem() {
        LogEntry own = entry("ann").make();
        log.append(List.of(own));
        LogReader operator = new LogReader("root", Set.of("user:ann"));
        assertThat(log.markRead(operator, own.id(), T0)).contains(T0);
        assertThat(log.unread(operator, T0)).isZero();
        assertThat(log.unread(reader("ann"), T0)).isEqualTo(1);
        assertThat(log.logs(new Logs().read(true).filter()).rows()).isEmpty();
        assertThat(log.markRead(reader("ann"), own.id(), T0.plusSeconds(1))).contains(T0.plusSeconds(1));
    }

    @Test
    void allIsMarkedReadForOneReaderAndCounted() {
        log.append(List.of(
                entry("ann").make(),
                entry("bob").make(),
                wide("everyone"),
                wide("role:ADMIN"),
                entry(LogEntry.EVERY_USER)
                        .audience("users")
                        .recipients("ann", "bob")
                        .make()));
        LogReader ann = new LogReader("ann", Set.of("everyone"));
        LogReader bob = new LogReader("bob", Set.of("everyone"));
        UUID everyone = ids(log.read(ann, 0, 10, T0)).get(1);
        log.markRead(ann, everyone, T0);

        assertThat(log.markAllRead(ann, T0.plusSeconds(1))).hasSize(2);
        assertThat(log.markAllRead(ann, T0.plusSeconds(2))).isEmpty();
        assertThat(log.unread(ann, T0)).isZero();
        assertThat(log.read(ann, 0, 10, T0).records())
                .extracting(LogRecord::readAt)
                .containsExactly(T0.plusSeconds(1), T0, T0.plusSeconds(1));
        assertThat(log.unread(bob, T0)).isEqualTo(3);
        assertThat(log.unread(new LogReader("ann", Set.of("everyone", "role:ADMIN")), T0))
                .isEqualTo(1);
    }

    @Test
    void allOfManyRowsIsMarkedRead() {
        for (int i = 0; i < 4; i++) {
            log.append(IntStream.range(0, 500)
                    .mapToObj(n -> n % 2 == 0 ? entry("ann").make() : wide("everyone"))
                    .toList());
        }
        LogReader ann = new LogReader("ann", Set.of("everyone"));
        assertThat(log.unread(ann, T0)).isEqualTo(2_000);
        assertThat(log.markAllRead(ann, T0)).hasSize(2_000);
        assertThat(log.unread(ann, T0)).isZero();
        assertThat(log.stats(T0, T0.plusSeconds(1)).read()).isEqualTo(2_000);
    }

    @Test
    void readersMarkingTheSameRowAtOnceAgreeOnTheFirstTime() throws Exception {
        List<LogEntry> batch = List.of(entry("ann").make(), wide("everyone"));
        log.append(batch);
        LogReader ann = new LogReader("ann", Set.of("everyone"));
        List<Callable<List<Instant>>> tasks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Instant at = T0.plusSeconds(i);
            tasks.add(() -> batch.stream()
                    .map(e -> log.markRead(ann, e.id(), at).orElseThrow())
                    .toList());
            tasks.add(() -> {
                log.markAllRead(ann, at);
                return batch.stream()
                        .map(e -> log.markRead(ann, e.id(), at).orElseThrow())
                        .toList();
            });
        }
        List<List<Instant>> answers = together(tasks);
        assertThat(answers.stream().distinct()).hasSize(1);
    }

    // ---- acknowledgements, deliveries, rooms ----

    @Test
    void anAcknowledgementNeverFalls() {
        log.append(personal("ann", 10));
        assertThat(log.acknowledged("ann")).isEqualTo(OptionalLong.empty());
        log.acknowledge("ann", 4, T0);
        assertThat(log.acknowledged("ann")).hasValue(4);
        log.acknowledge("ann", 9, T0.plusSeconds(1));
        log.acknowledge("ann", 7, T0.plusSeconds(2));
        log.acknowledge("ann", 9, T0.plusSeconds(3));
        assertThat(log.acknowledged("ann")).hasValue(9);
        assertThat(log.acknowledged("bob")).isEmpty();
    }

    @Test
    void acknowledgementsAtOnceEndAtTheHighest() throws Exception {
        log.append(personal("ann", 10));
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            long through = i;
            tasks.add(() -> {
                log.acknowledge("ann", through, T0);
                return true;
            });
        }
        together(tasks);
        assertThat(log.acknowledged("ann")).hasValue(10);
    }

    @Test
    void deliveriesAreWrittenBackAndTheFirstOneCounts() {
        log.append(List.of(entry("ann").make(), wide("everyone"), entry("bob").make()));
        assertThat(rowsBySeq()).allSatisfy(row -> {
            assertThat(row.delivered()).isFalse();
            assertThat(row.deliveredAt()).isNull();
            assertThat(row.error()).isNull();
        });
        log.recordDeliveries(List.of(
                new DeliveryStatus(at(1), T0.plusMillis(12), 1, null),
                new DeliveryStatus(at(2), T0.plusMillis(30), 2, "1 connection too slow"),
                new DeliveryStatus(at(3), null, 0, "closed: too slow"),
                new DeliveryStatus(at(99), T0, 1, null)));
        log.recordDeliveries(List.of(
                new DeliveryStatus(at(1), T0.plusMillis(40), 1, null),
                new DeliveryStatus(at(2), T0.plusMillis(20), 3, null)));

        List<LogRow> rows = rowsBySeq();
        assertThat(rows).extracting(LogRow::delivered).containsExactly(true, true, false);
        assertThat(rows).extracting(LogRow::deliveredAt).containsExactly(T0.plusMillis(12), T0.plusMillis(20), null);
        assertThat(rows).extracting(LogRow::error).containsExactly(null, null, "closed: too slow");

        log.recordDeliveries(List.of(new DeliveryStatus(at(3), T0.plusSeconds(5), 1, null)));
        LogRow late = rowsBySeq().get(2);
        assertThat(late.delivered()).isTrue();
        assertThat(late.deliveredAt()).isEqualTo(T0.plusSeconds(5));
        assertThat(late.error()).isNull();
    }

    @Test
    void aDeliveryOfAnotherEpochIsIgnored() {
        log.append(personal("ann", 1));
        log.recordDeliveries(List.of(new DeliveryStatus(new Position("elsewhere", 1), T0, 1, null)));
        assertThat(rowsBySeq().get(0).delivered()).isFalse();
        log.recordDeliveries(List.of());
    }

    @Test
    void roomsAreRememberedForATimeAndReplaced() {
        Instant end = T0.plusSeconds(120);
        assertThat(log.recallRooms("s1", T0)).isEmpty();
        log.rememberRooms("s1", Set.of("job:1", "job:2"), end);
        log.rememberRooms("s2", Set.of("job:3"), end.plusSeconds(1));
        assertThat(log.recallRooms("s1", end.minusMillis(1))).containsExactlyInAnyOrder("job:1", "job:2");
        assertThat(log.recallRooms("s1", end)).isEmpty();
        assertThat(log.recallRooms("s2", end)).containsExactly("job:3");

        log.rememberRooms("s1", Set.of("job:2", "Job:2", "job:4"), end.plusSeconds(5));
        assertThat(log.recallRooms("s1", end)).containsExactlyInAnyOrder("job:2", "Job:2", "job:4");
        log.rememberRooms("s1", NONE, end);
        assertThat(log.recallRooms("s1", T0)).isEmpty();
        log.rememberRooms("unknown", NONE, end);
    }

    @Test
    void roomsThatAreTooManyForTheStoreAreHeldOrRefusedAsThat() {
        Set<String> many = IntStream.range(0, 10_000)
                .mapToObj(i -> i + "-" + "x".repeat(240))
                .collect(Collectors.toSet());
        Instant end = T0.plusSeconds(1);
        try {
            log.rememberRooms("s1", many, end);
            assertThat(log.recallRooms("s1", T0)).hasSize(many.size());
        } catch (IllegalArgumentException e) {
            assertThat(log.recallRooms("s1", T0)).isEmpty();
        }
        log.rememberRooms("s2", Set.of("job:1"), end);
        assertThat(log.recallRooms("s2", T0)).containsExactly("job:1");
    }

    @Test
    void roomsRememberedAtOnceAreThoseOfOneCall() throws Exception {
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Set<String> rooms = Set.of("a" + i, "b" + i, "shared");
            tasks.add(() -> {
                log.rememberRooms("s", rooms, T0.plusSeconds(1));
                return true;
            });
        }
        together(tasks);
        Set<String> left = log.recallRooms("s", T0);
        assertThat(left).hasSize(3).contains("shared");
    }

    // ---- the operator's view ----

    @Test
    void anOperatorSeesTheNewestFirst() {
        LogEntry own = entry("ann").createdAt(T0.plusMillis(1)).make();
        LogEntry room = wide("room:job:7");
        log.append(List.of(own, room));
        List<LogRow> rows = log.logs(new Logs().filter()).rows();
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).id()).isEqualTo(room.id());
        assertThat(rows.get(0).userId()).isEqualTo("*");
        assertThat(rows.get(0).audience()).isEqualTo("room:job:7");
        LogRow row = rows.get(1);
        assertThat(row.id()).isEqualTo(own.id());
        assertThat(row.position()).isEqualTo(at(1));
        assertThat(row.userId()).isEqualTo("ann");
        assertThat(row.audience()).isEqualTo("user:ann");
        assertThat(row.event()).isEqualTo("booking.created");
        assertThat(row.payload()).isEqualTo(own.payload());
        assertThat(row.readAt()).isNull();
        assertThat(row.createdAt()).isEqualTo(T0.plusMillis(1));
    }

    @Test
    void anOperatorFilters() {
        log.append(List.of(
                entry("ann").event("a").createdAt(T0).make(), // 1
                entry("bob").event("b").createdAt(T0.plusMillis(1)).make(), // 2
                entry("ann").event("b").createdAt(T0.plusMillis(2)).make(), // 3
                entry(LogEntry.EVERY_USER)
                        .audience("everyone")
                        .event("a")
                        .createdAt(T0.plusMillis(3))
                        .make())); // 4
        log.recordDeliveries(List.of(
                new DeliveryStatus(at(2), T0.plusSeconds(1), 1, null),
                new DeliveryStatus(at(4), T0.plusSeconds(1), 1, null)));
        log.markRead(reader("bob"), rowsBySeq().get(1).id(), T0.plusSeconds(2));
        LogReader bob = new LogReader("bob", Set.of("everyone"));
        log.markRead(bob, rowsBySeq().get(3).id(), T0.plusSeconds(3));

        assertThat(found(new Logs().user("ann"))).containsExactly(3L, 1L);
        assertThat(found(new Logs().user("*"))).containsExactly(4L);
        assertThat(found(new Logs().user("ANN"))).isEmpty();
        assertThat(found(new Logs().event("b"))).containsExactly(3L, 2L);
        assertThat(found(new Logs().audience("everyone"))).containsExactly(4L);
        assertThat(found(new Logs().audience("user:ann"))).containsExactly(3L, 1L);
        assertThat(found(new Logs().delivered(true))).containsExactly(4L, 2L);
        assertThat(found(new Logs().delivered(false))).containsExactly(3L, 1L);
        assertThat(found(new Logs().read(true))).containsExactly(4L, 2L);
        assertThat(found(new Logs().read(false))).containsExactly(3L, 1L);
        assertThat(found(new Logs().from(T0.plusMillis(2)))).containsExactly(4L, 3L);
        assertThat(found(new Logs().to(T0.plusMillis(2)))).containsExactly(2L, 1L);
        assertThat(found(new Logs().from(T0.plusMillis(1)).to(T0.plusMillis(3))))
                .containsExactly(3L, 2L);
        assertThat(found(new Logs().from(Instant.MIN).to(Instant.MAX))).containsExactly(4L, 3L, 2L, 1L);
        assertThat(found(new Logs()
                        .user("bob")
                        .event("b")
                        .audience("user:bob")
                        .delivered(true)
                        .read(true)
                        .from(T0)
                        .to(T0.plusSeconds(1))
                        .text("hello")))
                .containsExactly(2L);
        LogRow wide = rowsBySeq().get(3);
        assertThat(wide.readAt()).isEqualTo(T0.plusSeconds(3));
    }

    @Test
    void anOperatorSearchesTextAsWrittenInAnyLetterCase() {
        log.append(List.of(
                entry("ann").payload("{\"title\":\"100% off\"}").make(), // 1
                entry("ann").payload("{\"title\":\"100 euros off\"}").make(), // 2
                entry("ann").payload("{\"title\":\"snake_case\"}").make(), // 3
                entry("ann").payload("{\"title\":\"snakeXcase\"}").make(), // 4
                entry("ann").payload("{\"title\":\"it's \\\"Quoted\\\"\"}").make(), // 5
                entry("ann").payload("{\"title\":\"bang!bang\"}").make(), // 6
                entry("ann").payload("{\"title\":\"GRÜN\"}").make())); // 7
        assertThat(found(new Logs().text("100%"))).containsExactly(1L);
        assertThat(found(new Logs().text("0% OFF"))).containsExactly(1L);
        assertThat(found(new Logs().text("%"))).containsExactly(1L);
        assertThat(found(new Logs().text("SNAKE_case"))).containsExactly(3L);
        assertThat(found(new Logs().text("_"))).containsExactly(3L);
        assertThat(found(new Logs().text("it's \\\"quoted\\\""))).containsExactly(5L);
        assertThat(found(new Logs().text("\\"))).containsExactly(5L);
        assertThat(found(new Logs().text("!b"))).containsExactly(6L);
        assertThat(found(new Logs().text("grün"))).containsExactly(7L);
        assertThat(found(new Logs().text("' OR '1'='1"))).isEmpty();
    }

    @Test
    void anOperatorPagesByCursorWhileRowsArrive() {
        log.append(personal("ann", 7));
        LogPage first = log.logs(new Logs().limit(3).filter());
        assertThat(first.rows()).extracting(r -> r.position().seq()).containsExactly(7L, 6L, 5L);
        log.append(personal("ann", 2));
        LogPage second = log.logs(new Logs().limit(3).before(first.next()).filter());
        assertThat(second.rows()).extracting(r -> r.position().seq()).containsExactly(4L, 3L, 2L);
        LogPage third = log.logs(new Logs().limit(3).before(second.next()).filter());
        assertThat(third.rows()).extracting(r -> r.position().seq()).containsExactly(1L);
        assertThat(third.next()).isNull();
        LogPage exact = log.logs(new Logs().limit(9).filter());
        assertThat(exact.rows()).hasSize(9);
        assertThat(exact.next()).isNull();
    }

    @Test
    void theStoryOfAPersonalRowHoldsWhatBecameOfIt() {
        LogEntry own =
                entry("ann").collapseKey("k").expiresAt(T0.plusSeconds(60)).make();
        log.append(List.of(own));
        LogStory fresh = log.story(own.id()).orElseThrow();
        assertThat(fresh.row()).usingRecursiveComparison().isEqualTo(rowsBySeq().get(0));
        assertThat(fresh.connections()).isZero();
        assertThat(fresh.expiresAt()).isEqualTo(T0.plusSeconds(60));
        assertThat(fresh.collapseKey()).isEqualTo("k");
        assertThat(fresh.replacedBy()).isNull();
        assertThat(fresh.recipients()).isEmpty();
        assertThat(fresh.recipientCount()).isZero();
        assertThat(fresh.reads()).isEmpty();
        assertThat(fresh.readCount()).isZero();
        assertThat(fresh.acknowledgedAt()).isNull();

        log.recordDeliveries(List.of(new DeliveryStatus(at(1), T0.plusMillis(3), 2, null)));
        log.acknowledge("ann", 1, T0.plusMillis(50));
        log.markRead(reader("ann"), own.id(), T0.plusSeconds(2));
        log.append(List.of(entry("ann").collapseKey("k").make()));

        LogStory later = log.story(own.id()).orElseThrow();
        assertThat(later.row().deliveredAt()).isEqualTo(T0.plusMillis(3));
        assertThat(later.connections()).isEqualTo(2);
        assertThat(later.acknowledgedAt()).isEqualTo(T0.plusMillis(50));
        assertThat(later.reads()).containsExactly(new LogStory.Reading("ann", T0.plusSeconds(2)));
        assertThat(later.readCount()).isEqualTo(1);
        assertThat(later.replacedBy()).isEqualTo(at(2));
        assertThat(log.story(UUID.randomUUID())).isEmpty();
    }

    @Test
    void theStoryOfAWideRowNamesWhoReadItAndWhoItWasFor() {
        LogEntry everyone = wide("everyone");
        LogEntry listed = entry(LogEntry.EVERY_USER)
                .audience("users")
                .recipients("cat", "ann")
                .collapseKey("k")
                .make();
        LogEntry again = entry(LogEntry.EVERY_USER)
                .audience("users")
                .recipients("bob")
                .collapseKey("k")
                .make();
        log.append(List.of(everyone, listed, again));
        log.acknowledge("ann", 3, T0);
        log.markRead(new LogReader("bob", Set.of("everyone")), everyone.id(), T0.plusSeconds(2));
        log.markRead(new LogReader("ann", Set.of("everyone")), everyone.id(), T0.plusSeconds(1));

        LogStory wide = log.story(everyone.id()).orElseThrow();
        assertThat(wide.reads())
                .containsExactly(
                        new LogStory.Reading("ann", T0.plusSeconds(1)), new LogStory.Reading("bob", T0.plusSeconds(2)));
        assertThat(wide.readCount()).isEqualTo(2);
        assertThat(wide.acknowledgedAt()).isNull();
        LogStory list = log.story(listed.id()).orElseThrow();
        assertThat(list.recipients()).containsExactly("ann", "cat");
        assertThat(list.recipientCount()).isEqualTo(2);
        assertThat(list.replacedBy()).isNull();
        assertThat(list.readCount()).isZero();
    }

    @Test
    void aStoryNamesNoMoreUsersThanAreWorthReading() {
        List<String> users = IntStream.range(0, LogStory.MAX_LISTED + 20)
                .mapToObj("u%03d"::formatted)
                .toList();
        LogEntry listed = entry(LogEntry.EVERY_USER)
                .audience("users")
                .recipients(users.toArray(String[]::new))
                .make();
        log.append(List.of(listed));
        users.forEach(user -> log.markRead(reader(user), listed.id(), T0));

        LogStory story = log.story(listed.id()).orElseThrow();
        assertThat(story.recipients()).isEqualTo(users.subList(0, LogStory.MAX_LISTED));
        assertThat(story.recipientCount()).isEqualTo(users.size());
        assertThat(story.reads()).hasSize(LogStory.MAX_LISTED);
        assertThat(story.readCount()).isEqualTo(users.size());
    }

    @Test
    void statsSumWhatWasCreatedInASpan() {
        Instant hour = T0.truncatedTo(ChronoUnit.HOURS);
        List<LogEntry> batch = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            batch.add(entry("ann")
                    .event(i < 60 ? "a" : "b")
                    .createdAt(hour.plusMillis(i))
                    .make());
        }
        batch.add(entry("ann")
                .event("a")
                .createdAt(hour.plus(2, ChronoUnit.HOURS))
                .make());
        batch.add(entry("ann").event("z").createdAt(hour.minusMillis(1)).make());
        batch.add(entry("ann")
                .event("z")
                .createdAt(hour.plus(3, ChronoUnit.HOURS))
                .make());
        log.append(batch);
        List<DeliveryStatus> statuses = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            // row i is delivered i + 1 ms after its creation
            statuses.add(new DeliveryStatus(at(i + 1), hour.plusMillis(2L * i + 1), 1, null));
        }
        statuses.add(new DeliveryStatus(at(102), hour.plusSeconds(99), 1, null));
        log.recordDeliveries(statuses);
        log.markRead(reader("ann"), batch.get(5).id(), T0);
        log.markRead(reader("ann"), batch.get(101).id(), T0);

        LogStats stats = log.stats(hour, hour.plus(3, ChronoUnit.HOURS));
        assertThat(stats.total()).isEqualTo(101);
        assertThat(stats.delivered()).isEqualTo(100);
        assertThat(stats.read()).isEqualTo(1);
        assertThat(stats.failed()).isZero();
        assertThat(stats.byEvent()).containsOnly(Map.entry("a", 61L), Map.entry("b", 40L));
        assertThat(stats.byHour()).containsOnly(Map.entry(hour, 100L), Map.entry(hour.plus(2, ChronoUnit.HOURS), 1L));
        assertThat(stats.deliveryMillisP50()).isEqualTo(50);
        assertThat(stats.deliveryMillisP99()).isEqualTo(99);

        LogStats none = log.stats(hour.plus(4, ChronoUnit.HOURS), hour.plus(5, ChronoUnit.HOURS));
        assertThat(none.total()).isZero();
        assertThat(none.byEvent()).isEmpty();
        assertThat(none.deliveryMillisP50()).isNull();
        assertThat(none.deliveryMillisP99()).isNull();
        assertThat(log.stats(hour.plusSeconds(1), hour).total()).isZero();
    }

    /**
     * Whatever happens to rows, an operator's filters answer as a look at each row would, and so do the sums as long as nothing
     * is purged, since they outlive the rows. The expected answers come from the rows as they are listed without a filter.
     */
    @Test
    void statsAndFiltersAgreeWithTheRowsAfterAnyMixtureOfWhatChangesThem() throws Exception {
        for (int seed = 1; seed <= 4; seed++) {
            log.close();
            log = create();
            opened.add(log);
            epoch = log.open().epoch();
            boolean purging = seed % 2 == 0;
            new Mixture(seed, purging).run();
            checkFiltersAgainstRows(new Random(seed));
            if (!purging) {
                checkStatsAgainstRows(new Random(seed));
            }
        }
    }

    @Test
    void twoLogsOverOneStoreThatChangeTheSameRowsAtOnceLeaveTrueSums() throws Exception {
        NotificationLog other = besides();
        other.open();
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (NotificationLog one : List.of(log, other)) {
            tasks.add(() -> {
                for (int i = 0; i < 30; i++) {
                    List<Appended> stored = one.append(IntStream.range(0, 11)
                            .mapToObj(n -> entry(n % 2 == 0 ? "ann" : LogEntry.EVERY_USER)
                                    .audience(n % 2 == 0 ? "user:ann" : "everyone")
                                    .event("e" + n % 3)
                                    .createdAt(T0.plusSeconds(n * 600))
                                    .make())
                            .toList());
                    long last = position(stored.get(10)).seq();
                    one.recordDeliveries(LongStream.rangeClosed(Math.max(1, last - 40), last)
                            .mapToObj(seq -> new DeliveryStatus(at(seq), T0.plusMillis(last - seq), 1, null))
                            .toList());
                }
                return 0;
            });
            tasks.add(() -> {
                for (int i = 0; i < 20; i++) {
                    one.markAllRead(new LogReader("ann", Set.of("everyone")), T0.plusSeconds(i));
                }
                return 0;
            });
        }
        together(tasks);
        checkStatsAgainstRows(new Random(7));
        checkFiltersAgainstRows(new Random(7));
    }

    @Test
    void sumsOutliveTheRowsUntilTheirHourIsPurgedAsAWhole() {
        Instant hour = T0.truncatedTo(ChronoUnit.HOURS);
        log.append(List.of(
                entry("ann").createdAt(hour).make(),
                entry("ann").createdAt(hour.plusSeconds(1)).make(),
                entry("ann").createdAt(hour.plus(1, ChronoUnit.HOURS)).make()));
        log.purge(hour.plusSeconds(1), 10, T0);
        assertThat(log.stats(hour, hour.plusSeconds(1)).total()).isEqualTo(2);
        log.purge(hour.plus(1, ChronoUnit.HOURS), 10, T0);
        assertThat(log.stats(hour, hour.plusSeconds(1)).total()).isZero();
        assertThat(log.stats(Instant.MIN, Instant.MAX).total()).isEqualTo(1);
    }

    @Test
    void whatIsRareAmongManyRowsOfOneUserIsFound() {
        log.append(List.of(
                entry("bob").event("rare").make(), // 1
                entry("ann").event("rare").make())); // 2
        for (int i = 0; i < 8; i++) {
            log.append(personal("ann", 500));
        }
        assertThat(found(new Logs().user("ann").event("rare"))).containsExactly(2L);
        assertThat(found(new Logs().audience("user:ann").event("rare"))).containsExactly(2L);
        assertThat(found(new Logs().user("ann").audience("user:ann").event("rare")))
                .containsExactly(2L);
        assertThat(found(new Logs().user("ann").event("rare").delivered(true))).isEmpty();
    }

    private void checkStatsAgainstRows(Random random) {
        List<LogRow> rows = allRows();
        for (int i = 0; i < 12; i++) {
            Instant from = T0.plusMillis(random.nextInt(20_000_000) - 3_000_000);
            Instant to = i % 4 == 0
                    ? from.plus(random.nextInt(3), ChronoUnit.HOURS)
                    : from.plusMillis(random.nextInt(20_000_000));
            checkStats(rows, from, to);
        }
        checkStats(rows, Instant.MIN, Instant.MAX);
    }

    private void checkFiltersAgainstRows(Random random) {
        List<LogRow> rows = allRows();
        for (int i = 0; i < 60; i++) {
            Logs logs = new Logs().limit(1 + random.nextInt(70));
            logs.user = any(random, "ann", "bob", "*", "nobody");
            logs.event = any(random, "e0", "e1", "e2", "none");
            logs.audience = any(random, "everyone", "user:ann", "room:x");
            logs.delivered = any(random, true, false);
            logs.read = any(random, true, false);
            logs.from = any(random, T0.plusMillis(random.nextInt(10_000_000)));
            logs.to = any(random, T0.plusMillis(random.nextInt(20_000_000)));
            logs.text = any(random, "HELLO", "\"n\":7", "absent");
            logs.before = any(random, 1L + random.nextInt(1_200));
            LogFilter filter = logs.filter();
            List<Long> expected = rows.stream()
                    .filter(row -> matches(row, filter))
                    .map(row -> row.position().seq())
                    .toList();
            LogPage page = log.logs(filter);
            assertThat(page.rows())
                    .as("%s", filter)
                    .extracting(row -> row.position().seq())
                    .isEqualTo(expected.subList(0, Math.min(filter.limit(), expected.size())));
            assertThat(page.next())
                    .as("%s", filter)
                    .isEqualTo(expected.size() > filter.limit() ? expected.get(filter.limit() - 1) : null);
        }
    }

    @SafeVarargs
    private static <T> @Nullable T any(Random random, T... values) {
        return random.nextInt(5) < 3 ? null : values[random.nextInt(values.length)];
    }

    private List<LogRow> allRows() {
        List<LogRow> rows = new ArrayList<>();
        Long before = null;
        do {
            LogPage page = log.logs(new Logs().limit(500).before(before).filter());
            rows.addAll(page.rows());
            before = page.next();
        } while (before != null);
        return rows;
    }

    private static boolean matches(LogRow row, LogFilter f) {
        return (f.userId() == null || f.userId().equals(row.userId()))
                && (f.event() == null || f.event().equals(row.event()))
                && (f.audience() == null || f.audience().equals(row.audience()))
                && (f.delivered() == null || f.delivered() == row.delivered())
                && (f.read() == null || f.read() == (row.readAt() != null))
                && (f.from() == null || !row.createdAt().isBefore(f.from()))
                && (f.to() == null || row.createdAt().isBefore(f.to()))
                && (f.text() == null
                        || text(row.payload())
                                .toLowerCase(Locale.ROOT)
                                .contains(f.text().toLowerCase(Locale.ROOT)))
                && (f.before() == null || row.position().seq() < f.before());
    }

    private void checkStats(List<LogRow> all, Instant from, Instant to) {
        List<LogRow> rows = all.stream()
                .filter(row -> from.isBefore(to))
                .filter(row -> {
                    Instant hour = row.createdAt().truncatedTo(ChronoUnit.HOURS);
                    return hour.isBefore(to) && hour.plus(1, ChronoUnit.HOURS).isAfter(from);
                })
                .toList();
        long[] times = new long[DeliveryTimes.BUCKETS];
        rows.stream()
                .filter(LogRow::delivered)
                .map(row -> row.createdAt().until(row.deliveredAt(), ChronoUnit.MILLIS))
                .forEach(millis -> times[DeliveryTimes.bucket(millis)]++);
        assertThat(log.stats(from, to))
                .as("stats of %s to %s", from, to)
                .isEqualTo(new LogStats(
                        rows.size(),
                        rows.stream().filter(LogRow::delivered).count(),
                        rows.stream().filter(row -> row.readAt() != null).count(),
                        rows.stream().filter(row -> row.error() != null).count(),
                        rows.stream().collect(Collectors.groupingBy(LogRow::event, Collectors.counting())),
                        rows.stream()
                                .collect(Collectors.groupingBy(
                                        row -> row.createdAt().truncatedTo(ChronoUnit.HOURS), Collectors.counting())),
                        DeliveryTimes.percentile(times, 50),
                        DeliveryTimes.percentile(times, 99)));
    }

    /** Sends, deliveries, reads and purges in an order that a seed decides. */
    private final class Mixture {
        private final Random random;
        private final boolean purging;
        private final List<LogEntry> sent = new ArrayList<>();
        private long clock;

        Mixture(int seed, boolean purging) {
            this.random = new Random(seed);
            this.purging = purging;
        }

        void run() {
            for (int step = 0; step < 60; step++) {
                switch (random.nextInt(10)) {
                    case 0, 1, 2, 3 -> send();
                    case 4, 5, 6 -> deliver();
                    case 7 -> readOne();
                    case 8 ->
                        log.markAllRead(new LogReader(name(), random.nextBoolean() ? Set.of("everyone") : NONE), now());
                    default -> {
                        if (purging) {
                            log.purge(T0.plusMillis(clock / 4), 1 + random.nextInt(60), T0);
                        }
                    }
                }
            }
        }

        private Instant now() {
            return T0.plusMillis(clock);
        }

        private String name() {
            return random.nextBoolean() ? "ann" : "bob";
        }

        private void send() {
            List<LogEntry> batch = IntStream.range(0, 1 + random.nextInt(random.nextInt(4) == 0 ? 400 : 20))
                    .mapToObj(i -> made())
                    .toList();
            log.append(batch);
            sent.addAll(batch);
        }

        private LogEntry made() {
            clock += random.nextInt(50) == 0 ? 2_000_000 : random.nextInt(10_000);
            // now and then by the clock of a node that is late
            Entry entry = entry(random.nextInt(3) == 0 ? LogEntry.EVERY_USER : name())
                    .event("e" + random.nextInt(3))
                    .payload("{\"title\":\"Hello\",\"n\":" + random.nextInt(100) + "}")
                    .createdAt(random.nextInt(20) == 0 ? now().minusSeconds(random.nextInt(9_000)) : now());
            if (entry.user.equals(LogEntry.EVERY_USER)) {
                entry.audience(List.of("everyone", "room:x").get(random.nextInt(2)));
            }
            return entry.make();
        }

        private void deliver() {
            long head = log.head().seq();
            log.recordDeliveries(IntStream.range(0, random.nextInt(120))
                    .mapToObj(i -> new DeliveryStatus(
                            at(1 + (long) (random.nextDouble() * head)),
                            random.nextInt(9) == 0 ? null : now().plusMillis(random.nextInt(200_000) - 1_000),
                            random.nextInt(3),
                            random.nextInt(9) == 0 ? "cut off" : null))
                    .filter(status -> status.position().seq() <= head)
                    .toList());
        }

        private void readOne() {
            if (!sent.isEmpty()) {
                LogEntry entry = sent.get(random.nextInt(sent.size()));
                log.markRead(new LogReader(name(), Set.of("everyone", "user:ann")), entry.id(), now());
            }
        }
    }

    // ---- purge ----

    @Test
    void oldRowsArePurgedInSmallBatchesWithWhatBelongsToThem() {
        log.append(IntStream.range(0, 10)
                .mapToObj(i -> entry(LogEntry.EVERY_USER)
                        .audience("users")
                        .recipients("ann", "bob")
                        .collapseKey("k" + i)
                        .createdAt(T0.plusSeconds(i))
                        .make())
                .toList());
        LogReader ann = reader("ann");
        log.markAllRead(ann, T0);
        Instant before = T0.plusSeconds(7);

        assertThat(log.purge(before, 3, T0)).isEqualTo(3);
        LogSlice slice = log.read(ann, 0, 20, T0);
        assertThat(slice.purgedThrough()).isEqualTo(3);
        assertThat(seqs(slice)).containsExactly(4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(log.purge(before, 3, T0)).isEqualTo(3);
        assertThat(log.purge(before, 3, T0)).isEqualTo(1);
        assertThat(log.purge(before, 3, T0)).isZero();

        assertThat(seqs(log.read(ann, 0, 20, T0))).containsExactly(8L, 9L, 10L);
        assertThat(log.read(ann, 0, 20, T0).purgedThrough()).isEqualTo(7);
        assertThat(log.history(ann, newest(10), T0).purgedThrough()).isEqualTo(7);
        assertThat(log.head()).isEqualTo(at(10));
        assertThat(log.logs(new Logs().filter()).rows()).hasSize(3);
        assertThat(log.append(personal("ann", 1))).containsExactly(stored(11));
    }

    @Test
    void purgingEverythingKeepsTheHead() {
        log.append(personal("ann", 4));
        assertThat(log.purge(T0.plusSeconds(1), 100, T0)).isEqualTo(4);
        LogSlice slice = log.read(reader("ann"), 0, 10, T0);
        assertThat(slice.head()).isEqualTo(at(4));
        assertThat(slice.purgedThrough()).isEqualTo(4);
        assertThat(log.append(personal("ann", 1))).containsExactly(stored(5));
    }

    @Test
    void purgeEndsKeysAndRoomsThatAreOver() {
        Instant later = T0.plus(25, ChronoUnit.HOURS);
        log.append(List.of(entry("ann").idempotency("svc", "k", DIGEST).make()));
        log.rememberRooms("s", Set.of("r"), T0.plusSeconds(1));
        assertThat(log.purge(T0, 10, later)).isZero();
        // no key is left that an entry from then on, or one whose clock went back, could meet
        assertThat(log.append(List.of(
                        entry("ann").idempotency("svc", "k", OTHER_DIGEST).make())))
                .containsExactly(stored(2));
        assertThat(log.recallRooms("s", T0)).isEmpty();
    }

    // ---- epochs ----

    @Test
    void aNewEpochGoesOnWithTheNumbersAndKeepsTheRows() {
        log.append(personal("ann", 2));
        Position head = log.renewEpoch();
        assertThat(head.seq()).isEqualTo(2);
        assertThat(head.epoch()).isNotEqualTo(epoch);
        assertThat(log.head()).isEqualTo(head);
        assertThat(log.append(personal("ann", 1))).containsExactly(new Appended.Stored(new Position(head.epoch(), 3)));
        assertThat(log.read(reader("ann"), 0, 10, T0).records())
                .extracting(LogRecord::position)
                .containsExactly(
                        new Position(head.epoch(), 1), new Position(head.epoch(), 2), new Position(head.epoch(), 3));
        assertThat(log.renewEpoch().epoch()).isNotIn(epoch, head.epoch());
    }

    @Test
    void aFormerEpochIsKnownByWhereItEndedUntilThatIsPurged() {
        log.append(personal("ann", 2));
        assertThat(log.endOfEpoch(epoch)).isEmpty();
        Position second = log.renewEpoch();
        log.append(personal("ann", 1));
        Position third = log.renewEpoch();

        assertThat(log.endOfEpoch(epoch)).hasValue(2);
        assertThat(log.endOfEpoch(second.epoch())).hasValue(3);
        assertThat(log.endOfEpoch(third.epoch())).isEmpty();
        assertThat(log.endOfEpoch("unknown")).isEmpty();

        log.purge(T0.plusSeconds(1), 2, T0);
        assertThat(log.endOfEpoch(epoch)).isEmpty();
        assertThat(log.endOfEpoch(second.epoch())).hasValue(3);
    }

    // ---- what nodes read ----

    @Test
    void aStretchHasEveryRowWhoeverMaySeeItAsItWasSent() {
        LogEntry own = entry("ann").expiresAt(T0.plusSeconds(1)).make();
        LogEntry listed = entry(LogEntry.EVERY_USER)
                .audience("users")
                .recipients("ann", "bob")
                .collapseKey("c")
                .make();
        LogEntry nobody = entry(LogEntry.EVERY_USER).audience("nearby").make();
        LogEntry wide = wide("everyone");
        log.append(List.of(own, listed, nobody, wide));

        LogStretch stretch = log.stretch(0, Long.MAX_VALUE, 10);

        assertThat(stretch.head()).isEqualTo(at(4));
        assertThat(stretch.through()).isEqualTo(4);
        List<Delivery> found = stretch.deliveries();
        assertThat(found)
                .extracting(d -> d.event().id())
                .containsExactly(own.id(), listed.id(), nobody.id(), wide.id());
        assertThat(found).extracting(d -> d.event().position()).containsExactly(at(1), at(2), at(3), at(4));
        assertThat(found).extracting(Delivery::audience).containsExactly("user:ann", "users", "nearby", "everyone");
        assertThat(found.get(1).recipients()).containsExactlyInAnyOrder("ann", "bob");
        assertThat(found.get(2).recipients()).isEmpty();
        assertThat(found.get(0).createdAt()).isEqualTo(T0);
        assertThat(found.get(0).expiresAt()).isEqualTo(T0.plusSeconds(1));
        assertThat(found.get(1).expiresAt()).isNull();
        assertThat(found.get(0).event().data()).isEqualTo(own.payload());
        assertThat(found.get(0).event().name()).isEqualTo(own.event());
        assertThat(found).noneMatch(d -> d.event().volatileDelivery());
    }

    @Test
    void aStretchIsBoundedAndSaysHowFarItReaches() {
        log.append(personal("ann", 5));
        assertThat(numbers(log.stretch(1, 4, 10))).containsExactly(2L, 3L, 4L);
        assertThat(log.stretch(1, 4, 10).through()).isEqualTo(4);
        assertThat(numbers(log.stretch(1, 9, 2))).containsExactly(2L, 3L);
        assertThat(log.stretch(1, 9, 2).through()).isEqualTo(3);
        assertThat(numbers(log.stretch(5, 9, 2))).isEmpty();
        assertThat(log.stretch(5, 9, 2).head()).isEqualTo(at(5));
        log.purge(T0.plusSeconds(1), 5, T0);
        assertThat(numbers(log.stretch(1, 9, 2))).isEmpty();
        assertThat(log.stretch(1, 9, 2).through()).isEqualTo(5);
    }

    private static List<Long> numbers(LogStretch stretch) {
        return stretch.deliveries().stream()
                .map(d -> d.event().position().seq())
                .toList();
    }

    @Test
    void fromACursorHistoryHasTheRowsThatAReplayHas() {
        log.append(List.of(
                collapsing("everyone", "k"),
                entry("ann").make(),
                collapsing("everyone", "k"),
                wideUntil("everyone", T0),
                wide("everyone")));
        LogReader ann = new LogReader("ann", Set.of("everyone"));

        LogSlice history = log.history(ann, new HistoryQuery(0L, null, 10, false, null), T0);

        assertThat(ids(history)).isEqualTo(ids(log.read(ann, 0, 10, T0)));
        assertThat(seqs(history)).containsExactly(2L, 3L, 5L);
        assertThat(seqs(log.history(ann, newest(10), T0))).containsExactly(1L, 2L, 3L, 5L);
    }

    @Test
    void theStoreCanBeReached() {
        assertThat(log.isReachable(Duration.ofSeconds(2))).isTrue();
    }

    // ---- a store that several logs share ----

    @Test
    void aLogOpenedAgainGoesOnWhereItWas() throws Exception {
        LogEntry keyed = entry("ann").idempotency("svc", "k", DIGEST).make();
        log.append(List.of(keyed, wide("everyone")));
        LogReader ann = new LogReader("ann", Set.of("everyone"));
        log.markAllRead(ann, T0);
        log.acknowledge("ann", 2, T0);
        log.rememberRooms("s", Set.of("r"), T0.plusSeconds(1));
        log.close();
        NotificationLog again = second();

        assertThat(again.open()).isEqualTo(at(2));
        assertThat(seqs(again.read(ann, 0, 10, T0))).containsExactly(1L, 2L);
        assertThat(again.unread(ann, T0)).isZero();
        assertThat(again.acknowledged("ann")).hasValue(2);
        assertThat(again.recallRooms("s", T0)).containsExactly("r");
        assertThat(again.append(List.of(
                        entry("ann").idempotency("svc", "k", DIGEST).make(),
                        entry("ann").make())))
                .containsExactly(new Appended.Duplicate(keyed.id(), at(1)), stored(3));
    }

    @Test
    void twoLogsOverOneStoreShareEpochNumbersAndKeys() throws Exception {
        NotificationLog other = besides();
        assertThat(other.open()).isEqualTo(at(0));
        LogEntry keyed = entry("ann").idempotency("svc", "k", DIGEST).make();
        assertThat(log.append(List.of(keyed))).containsExactly(stored(1));
        assertThat(other.append(List.of(
                        entry("ann").idempotency("svc", "k", DIGEST).make(),
                        entry("ann").make())))
                .containsExactly(new Appended.Duplicate(keyed.id(), at(1)), stored(2));
        Position renewed = other.renewEpoch();
        assertThat(log.head()).isEqualTo(renewed);
        assertThat(log.append(personal("ann", 1)))
                .containsExactly(new Appended.Stored(new Position(renewed.epoch(), 3)));
    }

    @Test
    void twoWritersRacingOnTheSameKeysStoreEachOnce() throws Exception {
        NotificationLog other = besides();
        other.open();
        List<Callable<List<Appended>>> tasks = new ArrayList<>();
        for (NotificationLog writer : List.of(log, other)) {
            tasks.add(() -> {
                List<Appended> answers = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    String key = "k" + i;
                    answers.addAll(writer.append(List.of(
                            entry("ann").idempotency("svc", key + "b", DIGEST).make(),
                            entry("ann").idempotency("svc", key + "a", DIGEST).make())));
                }
                return answers;
            });
        }
        List<List<Appended>> answers = together(tasks);
        assertThat(log.head().seq()).isEqualTo(80);
        for (int i = 0; i < 80; i++) {
            Appended a = answers.get(0).get(i);
            Appended b = answers.get(1).get(i);
            assertThat(List.of(a, b)).hasOnlyElementsOfTypes(Appended.Stored.class, Appended.Duplicate.class);
            assertThat(position(a)).isEqualTo(position(b));
        }
    }

    @Test
    void aReaderThatWasToldAPositionNeverFindsARowAtOrBelowItLater() throws Exception {
        NotificationLog other = besides();
        other.open();
        int batches = 60;
        List<Callable<List<Appended>>> writers = new ArrayList<>();
        for (NotificationLog writer : List.of(log, other)) {
            writers.add(() -> {
                List<Appended> answers = new ArrayList<>();
                for (int i = 0; i < batches; i++) {
                    answers.addAll(writer.append(IntStream.range(0, 1 + i % 7)
                            .mapToObj(n -> n % 2 == 0 ? entry("ann").make() : wide("everyone"))
                            .toList()));
                }
                return answers;
            });
        }
        LogReader ann = new LogReader("ann", Set.of("everyone"));
        List<Long> seen = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<List<Appended>>> running =
                    writers.stream().map(threads::submit).toList();
            long told = 0;
            boolean last = false;
            while (!last) {
                last = running.stream().allMatch(Future::isDone);
                LogSlice slice = log.read(ann, told, 10_000, T0);
                for (LogRecord record : slice.records()) {
                    assertThat(record.position().seq()).isGreaterThan(told);
                    told = record.position().seq();
                    seen.add(told);
                }
                assertThat(slice.head().seq()).isGreaterThanOrEqualTo(told);
                told = slice.head().seq();
            }
            List<Long> stored = new ArrayList<>();
            for (Future<List<Appended>> writer : running) {
                List<Long> mine =
                        writer.get().stream().map(a -> position(a).seq()).toList();
                assertThat(mine).isSorted();
                stored.addAll(mine);
            }
            assertThat(seen).isEqualTo(stored.stream().sorted().toList());
            assertThat(seen)
                    .isEqualTo(LongStream.rangeClosed(1, seen.size()).boxed().toList());
        } finally {
            threads.shutdownNow();
            assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    // ---- making and looking ----

    /** Whether two logs may be open over one store. */
    protected boolean isShared() {
        return true;
    }

    private NotificationLog besides() throws Exception {
        assumeTrue(isShared(), "the store belongs to one log at a time");
        return second();
    }

    private NotificationLog second() throws Exception {
        Optional<NotificationLog> other = reopen();
        assumeTrue(other.isPresent(), "the store belongs to one log alone");
        opened.add(other.get());
        return other.get();
    }

    private static <T> List<T> together(List<Callable<T>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<T> answers = new ArrayList<>();
            for (Future<T> task : threads.invokeAll(tasks)) {
                answers.add(task.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    private Position at(long seq) {
        return new Position(epoch, seq);
    }

    private Appended stored(long seq) {
        return new Appended.Stored(at(seq));
    }

    private static Position position(Appended answer) {
        return answer instanceof Appended.Stored s ? s.position() : ((Appended.Duplicate) answer).position();
    }

    private static LogReader reader(String userId) {
        return new LogReader(userId, NONE);
    }

    private static HistoryQuery newest(int limit) {
        return new HistoryQuery(null, null, limit, false, null);
    }

    private List<LogRow> rowsBySeq() {
        List<LogRow> rows = new ArrayList<>(log.logs(new Logs().filter()).rows());
        Collections.reverse(rows);
        return rows;
    }

    private List<Long> found(Logs logs) {
        return log.logs(logs.filter()).rows().stream()
                .map(r -> r.position().seq())
                .toList();
    }

    private static List<UUID> ids(LogSlice slice) {
        return slice.records().stream().map(LogRecord::id).toList();
    }

    private static List<UUID> ids(List<LogEntry> entries) {
        return entries.stream().map(LogEntry::id).toList();
    }

    private static List<Long> seqs(LogSlice slice) {
        return slice.records().stream().map(r -> r.position().seq()).toList();
    }

    private static LogRecord only(LogSlice slice) {
        assertThat(slice.records()).hasSize(1);
        return slice.records().get(0);
    }

    private static String text(byte[] payload) {
        return new String(payload, StandardCharsets.UTF_8);
    }

    private static List<LogEntry> personal(String user, int count) {
        return IntStream.range(0, count).mapToObj(i -> entry(user).make()).toList();
    }

    private static LogEntry wide(String audience) {
        return entry(LogEntry.EVERY_USER).audience(audience).make();
    }

    private static LogEntry wideUntil(String audience, Instant end) {
        return entry(LogEntry.EVERY_USER).audience(audience).expiresAt(end).make();
    }

    private static LogEntry collapsing(String audience, String key) {
        return entry(LogEntry.EVERY_USER).audience(audience).collapseKey(key).make();
    }

    private static Entry entry(String user) {
        return new Entry(user);
    }

    /** Collects what a test says of an entry; the rest is ordinary. */
    private static final class Entry {
        private final String user;
        private UUID id = UUID.randomUUID();
        private String audience;
        private List<String> recipients = List.of();
        private String event = "booking.created";
        private String payload = "{\"title\":\"Hello\"}";
        private Instant createdAt = T0;
        private @Nullable Instant expiresAt;
        private LogEntry.@Nullable Idempotency idempotency;
        private @Nullable String collapseKey;

        Entry(String user) {
            this.user = user;
            this.audience = "user:" + user;
        }

        Entry id(UUID id) {
            this.id = id;
            return this;
        }

        Entry audience(String audience) {
            this.audience = audience;
            return this;
        }

        Entry recipients(String... users) {
            this.recipients = List.of(users);
            return this;
        }

        Entry event(String event) {
            this.event = event;
            return this;
        }

        Entry payload(String payload) {
            this.payload = payload;
            return this;
        }

        Entry createdAt(Instant createdAt) {
            this.createdAt = createdAt;
            return this;
        }

        Entry expiresAt(Instant expiresAt) {
            this.expiresAt = expiresAt;
            return this;
        }

        Entry idempotency(String sender, String key, String digest) {
            this.idempotency = new LogEntry.Idempotency(sender, key, digest);
            return this;
        }

        Entry collapseKey(String collapseKey) {
            this.collapseKey = collapseKey;
            return this;
        }

        LogEntry make() {
            return new LogEntry(
                    id,
                    user,
                    audience,
                    recipients,
                    event,
                    payload.getBytes(StandardCharsets.UTF_8),
                    createdAt,
                    expiresAt,
                    idempotency,
                    collapseKey);
        }
    }

    /** Collects an operator's filter; what is not said is any. */
    private static final class Logs {
        private @Nullable String user;
        private @Nullable String event;
        private @Nullable String audience;
        private @Nullable Boolean delivered;
        private @Nullable Boolean read;
        private @Nullable Instant from;
        private @Nullable Instant to;
        private @Nullable String text;
        private @Nullable Long before;
        private int limit = 100;

        Logs user(String user) {
            this.user = user;
            return this;
        }

        Logs event(String event) {
            this.event = event;
            return this;
        }

        Logs audience(String audience) {
            this.audience = audience;
            return this;
        }

        Logs delivered(boolean delivered) {
            this.delivered = delivered;
            return this;
        }

        Logs read(boolean read) {
            this.read = read;
            return this;
        }

        Logs from(Instant from) {
            this.from = from;
            return this;
        }

        Logs to(Instant to) {
            this.to = to;
            return this;
        }

        Logs text(String text) {
            this.text = text;
            return this;
        }

        Logs before(@Nullable Long before) {
            this.before = before;
            return this;
        }

        Logs limit(int limit) {
            this.limit = limit;
            return this;
        }

        LogFilter filter() {
            return new LogFilter(user, event, audience, delivered, read, from, to, text, before, limit);
        }
    }
}
