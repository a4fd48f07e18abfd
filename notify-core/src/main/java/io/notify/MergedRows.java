package io.notify;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Yields the rows of several sorted sources in their common order, each row once. Lazy, so a limit bounds its cost. */
final class MergedRows implements Iterator<MemoryRow> {
    private final PriorityQueue<Source> sources;
    private @Nullable MemoryRow last;

    private record Source(MemoryRow next, Iterator<MemoryRow> rest) {}

    MergedRows(List<Iterator<MemoryRow>> sources, Comparator<MemoryRow> order) {
        this.sources = new PriorityQueue<>((a, b) -> order.compare(a.next(), b.next()));
        sources.forEach(this::queue);
    }

    private void queue(Iterator<MemoryRow> source) {
        if (source.hasNext()) {
            sources.add(new Source(source.next(), source));
        }
    }

    @Override
    public boolean hasNext() {
        while (true) {
            Source first = sources.peek();
            if (first == null || first.next() != last) {
                return first != null;
            }
            sources.remove();
            queue(first.rest());
        }
    }

    @Override
    public MemoryRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Source first = sources.remove();
        queue(first.rest());
        last = first.next();
        return first.next();
    }
}
