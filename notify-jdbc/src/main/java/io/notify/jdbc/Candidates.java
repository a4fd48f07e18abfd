package io.notify.jdbc;

import io.notify.LogEntry;
import io.notify.LogFilter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of the rows that a filter may mean, newest first, a part at a time: first few, for the first page of what is
 * common, then more, so that what is rare takes few queries. Reads no row: an index for a user's or an audience's, blocks for
 * all else.
 */
final class Candidates {
    private static final int FIRST_BLOCKS = 4;
    private static final int MOST_BLOCKS = 512;
    private static final int FIRST_ROWS = 128;
    private static final int MOST_ROWS = 4_096;
    private static final int GROWTH = 4;

    /** So few rows are looked up sooner than an index is read to its end. */
    private static final int RARE = 2_048;

    private final Handle handle;
    private final UserRows userRows;
    private final LogFilter filter;
    private final Wanted wanted;
    private final @Nullable String user;
    private final int mostBlocks;
    private final Blocks.Range range;
    private long before;
    private int size;
    private boolean ended;
    private boolean wasRareTried;

    /**
     * @param head beyond which nothing is looked for
     * @param mostBlocks a part's bound, for those who do more with each row
     */
    Candidates(Handle handle, UserRows userRows, Head head, LogFilter filter, int mostBlocks) {
        this.handle = handle;
        this.userRows = userRows;
        this.filter = filter;
        this.wanted = Wanted.of(filter);
        this.user = LogEntry.EVERY_USER.equals(filter.userId()) ? null : filter.userId();
        this.mostBlocks = Math.min(mostBlocks, MOST_BLOCKS);
        this.range = Blocks.range(handle, filter.from(), filter.to());
        long beyond = filter.before() == null ? head.seq() + 1 : Math.min(filter.before(), head.seq() + 1);
        this.before = Math.min(
                beyond, range.end() > Long.MAX_VALUE / Blocks.SIZE ? Long.MAX_VALUE : range.end() * Blocks.SIZE);
        this.ended = range.isEmpty();
        this.size = isIndexed() ? FIRST_ROWS : FIRST_BLOCKS;
    }

    private boolean isIndexed() {
        return user != null || filter.audience() != null;
    }

    boolean hasMore() {
        return !ended;
    }

    /** The next ones; perhaps none, which is not the end. */
    List<Long> next() {
        if (isIndexed() && size == MOST_ROWS && !wanted.isAny() && !wasRareTried) {
            // much was read along the index and too little found
            wasRareTried = true;
            List<Long> rare = rare();
            if (rare.size() <= RARE) {
                ended = true;
                return amongRows(rare);
            }
        }
        List<Long> found = isIndexed() ? ofIndex() : ofBlocks();
        size = Math.min(size * GROWTH, isIndexed() ? MOST_ROWS : mostBlocks);
        return found;
    }

    /** What blocks know to be wanted, whoever's it is; no more than it takes to see that it is much. */
    private List<Long> rare() {
        List<Long> found = new ArrayList<>();
        long end = (before - 1) / Blocks.SIZE + 1;
        List<Block> blocks;
        do {
            blocks = Blocks.fetch(handle, new Blocks.Range(range.first(), end), MOST_BLOCKS);
            addWanted(found, blocks);
            end = blocks.isEmpty() ? end : blocks.get(blocks.size() - 1).number();
        } while (blocks.size() == MOST_BLOCKS && found.size() <= RARE);
        return found;
    }

    private List<Long> amongRows(List<Long> numbers) {
        List<Long> found = new ArrayList<>();
        for (int from = 0; from < numbers.size(); from += FIRST_ROWS) {
            // whose they are is not asked there, or a database may walk the index by it
            handle.createQuery("SELECT seq, user_id, audience FROM notification_logs WHERE seq IN (<numbers>)"
                            + " ORDER BY seq DESC")
                    .bindList("numbers", numbers.subList(from, Math.min(numbers.size(), from + FIRST_ROWS)))
                    .map((row, context) ->
                            Map.entry(row.getLong("seq"), isMeant(row.getString("user_id"), row.getString("audience"))))
                    .forEach(row -> {
                        if (row.getValue()) {
                            found.add(row.getKey());
                        }
                    });
        }
        return found;
    }

    private boolean isMeant(String userId, @Nullable String audience) {
        return (user == null || user.equals(userId))
                && (filter.audience() == null
                        || AudienceColumn.audience(audience, userId).equals(filter.audience()));
    }

    private void addWanted(List<Long> found, List<Block> blocks) {
        for (Block block : blocks) {
            BitSet rows = wanted.in(block);
            for (int offset = rows.length() - 1; offset >= 0; offset = rows.previousSetBit(offset - 1)) {
                if (block.seq(offset) < before) {
                    found.add(block.seq(offset));
                }
            }
        }
    }

    private List<Long> ofBlocks() {
        // the block of the cursor is read whole and cut
        List<Block> blocks =
                Blocks.fetch(handle, new Blocks.Range(range.first(), (before - 1) / Blocks.SIZE + 1), size);
        List<Long> found = new ArrayList<>();
        addWanted(found, blocks);
        ended = blocks.size() < size;
        if (!blocks.isEmpty()) {
            before = blocks.get(blocks.size() - 1).seq(0);
        }
        return found;
    }

    private List<Long> ofIndex() {
        String audience = filter.audience();
        String owner = audience == null ? null : AudienceColumn.owner(audience);
        // a user's rows of their own audience have none stored
        List<Long> stored = audience == null || user != null ? List.of() : ofAudience(audience);
        String indexed = audience == null ? user : wanted.sharedOnly() ? null : owner;
        // two queries, each along an index and reading no row, rather than one with OR
        List<Long> users = indexed == null ? List.of() : ofUser(indexed);
        List<Long> numbers = Stream.concat(stored.stream(), users.stream())
                .sorted(Comparator.reverseOrder())
                .limit(size)
                .toList();
        ended = numbers.size() < size;
        if (numbers.isEmpty()) {
            return numbers;
        }
        before = numbers.get(numbers.size() - 1);
        if (wanted.isAny() && owner == null) {
            return numbers;
        }
        if (Boolean.TRUE.equals(wanted.read())) {
            // few are, and they are found in fewer bytes than all else
            numbers = Blocks.amongRead(handle, numbers);
        }
        Map<Long, BitSet> rows = new HashMap<>();
        Map<Long, Facts> facts = new HashMap<>();
        for (Block block : Blocks.fetch(
                handle,
                numbers.stream().map(seq -> seq / Blocks.SIZE).distinct().toList())) {
            rows.put(block.number(), wanted.in(block));
            if (owner != null) {
                facts.put(block.number(), block.facts());
            }
        }
        Set<Long> addressed = new HashSet<>(stored);
        return numbers.stream()
                .filter(seq -> {
                    BitSet found = rows.get(seq / Blocks.SIZE);
                    Facts known = facts.get(seq / Blocks.SIZE);
                    return found != null
                            && found.get(Blocks.offset(seq))
                            && (known == null || addressed.contains(seq) || known.isOwn(Blocks.offset(seq)));
                })
                .toList();
    }

    /** Names the index's first column in the order, constant as it is: H2 would sort. */
    private List<Long> ofAudience(String audience) {
        return handle.createQuery("SELECT seq FROM notification_logs WHERE audience = :audience"
                        + " AND seq >= :first AND seq < :before ORDER BY audience DESC, seq DESC LIMIT :limit")
                .bind("audience", audience)
                .bind("first", range.first() * Blocks.SIZE)
                .bind("before", before)
                .bind("limit", size)
                .mapTo(Long.class)
                .list();
    }

    private List<Long> ofUser(String userId) {
        String sql = "SELECT l.seq FROM " + userRows.from("user") + " WHERE l.user_id = :user"
                + " AND l.seq > :after AND l.seq <= :through ORDER BY l.user_id DESC, l.seq DESC LIMIT :limit";
        List<Long> found = new ArrayList<>();
        for (UserRows.Part part : userRows.parts(handle, range.first() * Blocks.SIZE - 1, before - 1, true)) {
            if (found.size() == size) {
                break;
            }
            Query query = handle.createQuery(sql)
                    .bind("user", userId)
                    .bind("after", part.after())
                    .bind("through", part.through())
                    .bind("limit", size - found.size());
            userRows.bind(query, part, "user", userId);
            found.addAll(query.mapTo(Long.class).list());
        }
        return found;
    }
}
