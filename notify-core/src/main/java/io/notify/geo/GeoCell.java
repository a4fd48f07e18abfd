package io.notify.geo;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Node of a quadtree over the globe. A leaf holds spots; any other cell has four children and holds none. A cell's monitor
 * guards what it holds. A thread that holds a child's monitor never waits for its parent's.
 */
final class GeoCell {
    /** Depth of the tree. The smallest cells are about two meters wide; spots that lie closer share one. */
    private static final int LEVELS = 24;

    private static final int GRID = 1 << LEVELS;
    /** A leaf with more spots is split. */
    private static final int MAX_SPOTS = 32;
    /** Four leaves with no more spots than this in total are merged. */
    private static final int MERGED_SPOTS = 16;

    private static final GeoSpot[] NONE = {};

    private final int level;
    private final int x;
    private final int y;

    /** Null in a leaf. Written under the monitor. */
    private volatile GeoCell @Nullable [] children;

    private @Nullable GeoSpot[] spots = NONE;
    private int size;
    /** Set while the cell is merged into its parent, and ever after. */
    private boolean closed;

    private GeoCell(int level, int x, int y) {
        this.level = level;
        this.x = x;
        this.y = y;
    }

    /** Creates an empty tree. */
    static GeoCell root() {
        return new GeoCell(0, 0, 0);
    }

    static int column(double longitude) {
        return onGrid((longitude + 180) / 360);
    }

    static int row(double latitude) {
        return onGrid((latitude + 90) / 180);
    }

    private static int onGrid(double share) {
        return Math.max(0, Math.min(GRID - 1, (int) (share * GRID)));
    }

    boolean covers(GeoSpot spot) {
        return spot.column() >> (LEVELS - level) == x && spot.row() >> (LEVELS - level) == y;
    }

    private boolean meets(GeoCircle circle) {
        int shift = LEVELS - level;
        return circle.meets(x << shift, ((x + 1) << shift) - 1, y << shift, ((y + 1) << shift) - 1);
    }

    /** Adds a spot to the leaf that covers it. Called on the root. */
    void insert(GeoSpot spot) {
        while (!leafOf(spot).add(spot)) {
            // the leaf was split or merged in the meantime
            Thread.onSpinWait();
        }
    }

    private GeoCell leafOf(GeoSpot spot) {
        GeoCell cell = this;
        for (GeoCell[] inner = cell.children; inner != null; inner = cell.children) {
            cell = inner[cell.childOf(spot)];
        }
        return cell;
    }

    private int childOf(GeoSpot spot) {
        int shift = LEVELS - level - 1;
        return (spot.column() >> shift & 1) | (spot.row() >> shift & 1) << 1;
    }

    private synchronized boolean add(GeoSpot spot) {
        if (closed || children != null) {
            return false;
        }
        append(spot);
        spot.setSlot(size - 1);
        spot.setCell(this);
        if (size > MAX_SPOTS && level < LEVELS) {
            split();
        }
        return true;
    }

    private void append(GeoSpot spot) {
        if (size == spots.length) {
            spots = Arrays.copyOf(spots, Math.max(4, size * 2));
        }
        spots[size++] = spot;
    }

    private void split() {
        GeoCell[] four = new GeoCell[4];
        for (int i = 0; i < four.length; i++) {
            four[i] = new GeoCell(level + 1, (x << 1) | (i & 1), (y << 1) | (i >> 1));
        }
        GeoSpot[] all = held();
        for (GeoSpot spot : all) {
            GeoCell child = four[childOf(spot)];
            child.append(spot);
            spot.setSlot(child.size - 1);
        }
        // publishes the children, through their spots first: by now each is complete
        for (GeoSpot spot : all) {
            spot.setCell(four[childOf(spot)]);
        }
        clear();
        children = four;
    }

    /** Replaces a spot's position by another in this cell; false if the spot has left the cell. */
    synchronized boolean replacePosition(GeoSpot spot, GeoSpot fresh) {
        if (spot.cell() != this) {
            return false;
        }
        spot.copyFrom(fresh);
        return true;
    }

    /** Returns a spot's point; null if the spot has left the cell. */
    synchronized <P> @Nullable P point(GeoSpot spot, GeoIndex.PointFactory<P> points) {
        return spot.cell() == this ? spot.point(points) : null;
    }

    /** Removes a spot; false if this cell does not hold it. */
    synchronized boolean remove(GeoSpot spot) {
        if (!holds(spot)) {
            return false;
        }
        size--;
        GeoSpot last = spots[size];
        if (last != null && size != spot.slot()) {
            spots[spot.slot()] = last;
            last.setSlot(spot.slot());
        }
        spots[size] = null;
        return true;
    }

    private boolean holds(GeoSpot spot) {
        return spot.cell() == this && spot.slot() < size && spots[spot.slot()] == spot;
    }

    /**
     * Shows a search every spot that stays within its circle throughout, some of them more than once. Called on the root.
     *
     * @return false if this cell was merged into its parent, which holds its spots now
     */
    boolean search(GeoSearch search) {
        while (true) {
            GeoCell[] inner = children;
            if (inner == null) {
                synchronized (this) {
                    inner = children;
                    if (inner == null) {
                        showAll(search);
                        return !closed;
                    }
                }
            }
            if (searchAll(inner, search)) {
                return true;
            }
            Thread.onSpinWait();
        }
    }

    private static boolean searchAll(GeoCell[] cells, GeoSearch search) {
        for (GeoCell cell : cells) {
            if (cell.meets(search.circle()) && !cell.search(search)) {
                return false;
            }
        }
        return true;
    }

    private void showAll(GeoSearch search) {
        for (int i = 0; i < size; i++) {
            GeoSpot spot = spots[i];
            if (spot != null) {
                search.show(spot);
            }
        }
    }

    /** Merges sparse cells, from the leaves up, and returns the number of spots. At most one thread at a time. */
    int mergeSparse() {
        GeoCell[] inner = children;
        if (inner == null) {
            synchronized (this) {
                // if it was split in the meantime, the next call looks at it
                return children == null ? size : MAX_SPOTS;
            }
        }
        int total = 0;
        for (GeoCell child : inner) {
            total += child.mergeSparse();
        }
        if (total <= MERGED_SPOTS) {
            merge(inner);
        }
        return total;
    }

    private synchronized void merge(GeoCell[] inner) {
        for (int i = 0; i < inner.length; i++) {
            if (!inner[i].close()) {
                for (int j = 0; j < i; j++) {
                    inner[j].reopen();
                }
                return;
            }
        }
        // a closed cell accepts no spot, so none of them can be split now
        for (GeoCell child : inner) {
            child.moveSpotsTo(this);
        }
        children = null;
    }

    private synchronized boolean close() {
        if (children != null) {
            return false;
        }
        closed = true;
        return true;
    }

    private synchronized void reopen() {
        closed = false;
    }

    private synchronized void moveSpotsTo(GeoCell parent) {
        for (GeoSpot spot : held()) {
            parent.append(spot);
            spot.setSlot(parent.size - 1);
            spot.setCell(parent);
        }
        clear();
    }

    private GeoSpot[] held() {
        return Arrays.copyOf(spots, size, GeoSpot[].class);
    }

    private void clear() {
        spots = NONE;
        size = 0;
    }
}
