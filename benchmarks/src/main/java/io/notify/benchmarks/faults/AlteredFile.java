package io.notify.benchmarks.faults;

import io.notify.benchmarks.server.Server;
import io.notify.benchmarks.server.SqliteStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * F14: the database file is cut short, altered or replaced by an older one while the server is down. It refuses to start, or
 * has a new epoch, or nothing is missing; a position never means two notifications, and who missed something is told.
 */
final class AlteredFile implements Fault {
    private static final int USERS = 12;
    private static final int SENDS = 600;
    private static final int MORE = 300;
    private static final int BLOCK = 4_096;

    private enum Alteration {
        CUT_HALF,
        CUT_TAIL,
        ZERO_BLOCK,
        FLIP_BYTES,
        OLDER_COPY,
        /** Of the write-ahead log, which is there after a kill only. */
        CUT_WAL
    }

    @Override
    public Verdict happen(Run run) throws Exception {
        SqliteStore store = new SqliteStore(run.directory().resolve("sqlite"));
        Server server = run.server(store).start();
        Account account = new Account();
        Crowd crowd = run.with(new Crowd());
        List<Reader> readers = crowd.enter(USERS, server.port(), account);
        Sender sender = new Sender(server, account);
        Path older = run.directory().resolve("older");
        send(account, sender, SENDS / 2);
        Files.copy(store.file(), older);
        send(account, sender, SENDS / 2);
        account.awaitAll(20);
        // those who stay away miss what follows: they must get it, or be told
        List<Reader> away = readers.subList(USERS / 2, USERS);
        away.forEach(Reader::stop);
        send(account, sender, MORE);
        Map<String, String> before = account.idsByPosition();
        Alteration alteration = Alteration.values()[run.random().nextInt(Alteration.values().length)];
        if (run.random().nextBoolean()) {
            server.kill();
        } else {
            server.terminate();
            server.process().waitFor();
        }
        alter(alteration, store.file(), older, run.random());

        server.launch();
        while (server.process().isAlive() && server.status("/health/ready") != 200) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        if (!server.process().isAlive()) {
            long missed = account.missing();
            Line line = account.line(before.size());
            Line refused = new Line(
                    line.acked(),
                    line.stored(),
                    line.received(),
                    0,
                    line.dupBefore(),
                    line.dupAfter(),
                    line.reordered(),
                    line.maxGapMillis());
            return Verdict.whateverIsStored(refused)
                    .figure("alteration", alteration)
                    .figure("outcome", "refused:" + server.process().exitValue())
                    .figure("unread", missed)
                    .require(server.process().exitValue() != 0, "a refusal's exit code");
        }
        Map<String, String> found;
        try {
            found = Account.rows(server);
        } catch (IOException e) {
            return unreadable(server, account, sender, before, alteration);
        }
        long missing =
                before.values().stream().filter(id -> !found.containsValue(id)).count();
        away.forEach(Reader::start);
        send(account, sender, MORE);
        boolean all = account.awaitAll(missing == 0 ? 20 : 3);
        Map<String, String> after = new HashMap<>(Account.rows(server));
        after.putAll(account.idsByPosition());
        // the promises of before may have been put under the same position by a later one
        long twice = before.entrySet().stream()
                .filter(known -> !known.getValue().equals(after.getOrDefault(known.getKey(), known.getValue())))
                .count();
        boolean sameEpoch = epochs(before).equals(epochs(after));
        long told = account.gaps();
        Line line = account.line(after.size());
        Line judged = new Line(
                line.acked(),
                line.stored(),
                line.received(),
                told > 0 || missing == 0 ? Math.max(0, line.lost() - missing) : line.lost(),
                line.dupBefore(),
                line.dupAfter(),
                line.reordered(),
                line.maxGapMillis());
        return Verdict.whateverIsStored(judged)
                .figure("alteration", alteration)
                .figure("outcome", sameEpoch ? "same-epoch" : "new-epoch")
                .figure("rows_missing", missing)
                .figure("gaps", told)
                .figure("two_meanings", twice)
                .require(twice == 0, "no position with two meanings")
                .require(all || told > 0, "who missed something was told")
                .require(missing == 0 || !sameEpoch, "a new epoch if rows are missing");
    }

    /** It runs, but says that it cannot read; nothing that it acknowledges now may stand where something else did. */
    private static Verdict unreadable(
            Server server, Account account, Sender sender, Map<String, String> before, Alteration alteration)
            throws InterruptedException {
        int acked = 0;
        long twice = 0;
        for (int i = 0; i < MORE; i++) {
            int n = account.number();
            Sender.Answer answer = sender.attempt(n, Crowd.user(n % USERS));
            String position = answer.body().path("position").asText();
            acked += position.isEmpty() ? 0 : 1;
            twice += before.containsKey(position) ? 1 : 0;
        }
        Line line = account.line(before.size());
        Line judged = new Line(
                line.acked(),
                line.stored(),
                line.received(),
                0,
                line.dupBefore(),
                line.dupAfter(),
                line.reordered(),
                line.maxGapMillis());
        return Verdict.whateverIsStored(judged)
                .figure("alteration", alteration)
                .figure("outcome", "runs-but-refuses-to-read")
                .figure("unread", line.lost())
                .figure("acked_since", acked)
                .figure("ready", server.status("/health/ready"))
                .figure("two_meanings", twice)
                .require(twice == 0, "no position with two meanings");
    }

    private static Set<String> epochs(Map<String, String> rows) {
        return rows.keySet().stream()
                .map(position -> position.substring(0, position.lastIndexOf('-')))
                .collect(Collectors.toSet());
    }

    private static void send(Account account, Sender sender, int count) throws InterruptedException {
        try (Load load = new Load(8, 0, count, turn -> {
            int n = account.number();
            sender.send(n, Crowd.user(n % USERS), () -> false);
        })) {
            load.await();
        }
    }

    private static void alter(Alteration alteration, Path file, Path older, Random random) throws IOException {
        if (alteration == Alteration.OLDER_COPY) {
            Files.copy(older, file, StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        Path wal = file.resolveSibling(file.getFileName() + "-wal");
        Path altered = alteration == Alteration.CUT_WAL && Files.exists(wal) ? wal : file;
        try (FileChannel channel = FileChannel.open(altered, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = channel.size();
            switch (alteration) {
                case CUT_WAL, CUT_HALF -> channel.truncate(size / 4 + (long) (random.nextDouble() * size / 2));
                case CUT_TAIL -> channel.truncate(size - 1 - random.nextInt((int) Math.min(size / 2, 64 * 1_024)));
                case ZERO_BLOCK -> channel.write(ByteBuffer.allocate(BLOCK), random.nextLong(size / BLOCK) * BLOCK);
                case FLIP_BYTES -> {
                    byte[] noise = new byte[16];
                    random.nextBytes(noise);
                    channel.write(ByteBuffer.wrap(noise), random.nextLong(size - noise.length));
                }
                case OLDER_COPY -> throw new IllegalStateException("done above");
            }
        }
    }
}
