package io.notify;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom a notification is for. Immutable; names are checked when it is made. */
public sealed interface Audience {

    /** One user, on every connection; kept for them while offline. */
    record User(String id) implements Audience {
        public User {
            Names.visible("audience.user", id);
        }

        @Override
        public String key() {
            return "user:" + id;
        }
    }

    /** Several users, 1 to 10,000; one row of the log, each user once. */
    record Users(List<String> ids) implements Audience {
        private static final int MAX = 10_000;

        public Users {
            ids = ids.stream().distinct().toList();
            if (ids.isEmpty() || ids.size() > MAX) {
                throw new IllegalArgumentException(
                        "audience.users: " + ids.size() + " ids (expected: 1 to " + MAX + ")");
            }
            ids.forEach(id -> Names.visible("audience.users", id));
        }

        @Override
        public String key() {
            return "users";
        }
    }

    /** Everybody whose token carries the role. */
    record Role(String name) implements Audience {
        public Role {
            Names.visible("audience.role", name);
        }

        @Override
        public String key() {
            return "role:" + name;
        }
    }

    /** One sign-in session, the token's {@code sid}. */
    record Session(String id) implements Audience {
        public Session {
            Names.visible("audience.session", id);
        }

        @Override
        public String key() {
            return "session:" + id;
        }
    }

    /** Whoever joined the room. A name with the prefix {@code user:}, {@code role:} or {@code session:} means those. */
    record Room(String name) implements Audience {
        public Room {
            Names.visible("audience.room", name);
        }

        @Override
        public String key() {
            return isPersonal(name) ? name : "room:" + name;
        }

        /** Whether a room's name belongs to a user, role or session rather than being free for joining. */
        public static boolean isPersonal(String name) {
            return name.startsWith("user:") || name.startsWith("role:") || name.startsWith("session:");
        }
    }

    /** Every user. */
    record Everyone() implements Audience {
        @Override
        public String key() {
            return "everyone";
        }
    }

    /**
     * Whoever stands within a great-circle distance when the notification is sent.
     *
     * @param center the middle
     * @param radiusMeters greater than 0, at most half the Earth's circumference (20,037,508 m)
     * @param role only users with this role, or null for all
     */
    record Nearby(
            GeoPoint center, double radiusMeters, @Nullable String role) implements Audience {
        private static final double MAX_RADIUS = 20_037_508;

        public Nearby {
            if (!(radiusMeters > 0 && radiusMeters <= MAX_RADIUS)) {
                throw new IllegalArgumentException(
                        "audience.nearby.radiusMeters: " + radiusMeters + " (expected: > 0 and <= 20037508 m)");
            }
            if (role != null) {
                Names.visible("audience.nearby.role", role);
            }
        }

        @Override
        public String key() {
            return "nearby";
        }
    }

    /** The text under which the log files this audience, such as {@code user:42}, {@code room:job:7}, {@code everyone}. */
    String key();

    static Audience user(String id) {
        return new User(id);
    }

    static Audience users(Collection<String> ids) {
        return new Users(List.copyOf(ids));
    }

    static Audience role(String name) {
        return new Role(name);
    }

    static Audience session(String id) {
        return new Session(id);
    }

    static Audience room(String name) {
        return new Room(name);
    }

    static Audience everyone() {
        return new Everyone();
    }

    static Audience nearby(GeoPoint center, double radiusMeters) {
        return new Nearby(center, radiusMeters, null);
    }

    static Audience nearby(GeoPoint center, double radiusMeters, String role) {
        return new Nearby(center, radiusMeters, role);
    }
}
