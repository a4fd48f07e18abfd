package io.notify;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A part of the world that holds its spots itself or is cut into four that do, never both. What it holds is guarded by its
 * monitor; whoever waits for a part's monitor may hold that of the whole, never the other way round.
 */
final class GeoCell {
    /** The finest cells are about two metres across; spots that lie closer share one. */
    private static final int LEVELS = 24;

    private static final int GRID = 1 << LEVELS;
    private static final int FULL = 32;
    private static final int SPARSE = 16;
    private static final GeoSpot[] NONE = {};

    private final int level;
    private final int x;
    private final int y;

    /** Written under the monitor. */
    private volatile GeoCell @Nullable [] parts;

    private @Nullable GeoSpot[] spots = NONE;
    private int size;
    private boolean gone;

    private GeoCell(int level, int x, int y) {
        this.level = level;
        this.x = x;
        this.y = y;
    }

    static GeoCell world() {
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

    /** Puts a spot into the smallest cell there is for it. Called on the world. */
    void insert(GeoSpot spot) {
        while (!leafOf(spot).add(spot)) {
            // that cell was cut or given back just now
            Thread.onSpinWait();
        }
    }

    private GeoCell leafOf(GeoSpot spot) {
        GeoCell cell = this;
        for (GeoCell[] inner = cell.parts; inner != null; inner = cell.parts) {
            cell = inner[cell.partOf(spot)];
        }
        return cell;
    }

    private int partOf(GeoSpot spot) {
        int shift = LEVELS - level - 1;
        return (spot.column() >> shift & 1) | (spot.row() >> shift & 1) << 1;
    }

    private synchronized boolean add(GeoSpot spot) {
        if (gone || parts != null) {
            return false;
        }
        append(spot);
        spot.settle(this, size - 1);
        if (size > FULL && level < LEVELS) {
            cut();
        }
        return true;
    }

    private void append(GeoSpot spot) {
        if (size == spots.length) {
            spots = Arrays.copyOf(spots, Math.max(4, size * 2));
        }
        spots[size++] = spot;
    }

    private void cut() {
        GeoCell[] four = new GeoCell[4];
        for (int i = 0; i < four.length; i++) {
            four[i] = new GeoCell(level + 1, (x << 1) | (i & 1), (y << 1) | (i >> 1));
        }
        GeoSpot[] all = held();
        for (GeoSpot spot : all) {
            GeoCell part = four[partOf(spot)];
            part.append(spot);
            spot.prepare(part.size - 1);
        }
        // only when each part is complete may others find it, by way of a spot or of this cell
        for (GeoSpot spot : all) {
            spot.show(four[partOf(spot)]);
        }
        clear();
        parts = four;
    }

    /** Has a spot take over what another says; false if it is in another cell by now. */
    synchronized boolean renew(GeoSpot spot, GeoSpot fresh) {
        if (spot.cell() != this) {
            return false;
        }
        spot.take(fresh);
        return true;
    }

    /** Where a spot is; null if it is in another cell by now. */
    synchronized @Nullable GeoPoint point(GeoSpot spot) {
        return spot.cell() == this ? spot.point() : null;
    }

    /** Takes a spot out; false if this cell does not hold it. */
    synchronized boolean remove(GeoSpot spot) {
        if (!holds(spot)) {
            return false;
        }
        size--;
        GeoSpot last = spots[size];
        if (last != null && size != spot.slot()) {
            spots[spot.slot()] = last;
            last.prepare(spot.slot());
        }
        spots[size] = null;
        return true;
    }

    private boolean holds(GeoSpot spot) {
        return spot.cell() == this && spot.slot() < size && spots[spot.slot()] == spot;
    }

    /**
     * Shows a search every spot in its circle that was here throughout; some may come twice. Called on the world.
     *
     * @return false if this cell has been given back, so that its spots are where it was cut from
     */
    boolean search(GeoSearch search) {
        while (true) {
            GeoCell[] inner = parts;
            if (inner == null) {
                synchronized (this) {
                    inner = parts;
                    if (inner == null) {
                        showAll(search);
                        return !gone;
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

    /** Gives back the parts of every cell that has become sparse. At most one thread at a time. */
    int tidy() {
        GeoCell[] inner = parts;
        if (inner == null) {
            synchronized (this) {
                // cut again meanwhile: leave it for the next time
                return parts == null ? size : FULL;
            }
        }
        int total = 0;
        for (GeoCell part : inner) {
            total += part.tidy();
        }
        if (total <= SPARSE) {
            mend(inner);
        }
        return total;
    }

    private synchronized void mend(GeoCell[] inner) {
        for (int i = 0; i < inner.length; i++) {
            if (!inner[i].close()) {
                for (int j = 0; j < i; j++) {
                    inner[j].reopen();
                }
                return;
            }
        }
        // closed cells take nothing in, so none of them can be cut now
        for (GeoCell part : inner) {
            part.giveBackTo(this);
        }
        parts = null;
    }

    private synchronized boolean close() {
        if (parts != null) {
            return false;
        }
        gone = true;
        return true;
    }

    private synchronized void reopen() {
        gone = false;
    }

    private synchronized void giveBackTo(GeoCell whole) {
        for (GeoSpot spot : held()) {
            whole.append(spot);
            spot.settle(whole, whole.size - 1);
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
