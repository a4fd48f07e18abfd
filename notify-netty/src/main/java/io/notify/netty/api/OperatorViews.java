package io.notify.netty.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.notify.LogEntry;
import io.notify.LogStory;
import io.notify.MetricSample;
import io.notify.OnlineUser;
import io.notify.Presence;
import io.notify.PresenceStats;
import io.notify.Preview;
import io.notify.SessionInfo;
import io.notify.Story;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON responses for the dashboard. Jackson writes the components in their order. */
final class OperatorViews {
    private OperatorViews() {}

    record StoryView(
            @JsonUnwrapped Views.LogRowView row,
            String outcome,
            int connections,
            @Nullable String expiresAt,
            @Nullable String collapseKey,
            @Nullable String replacedBy,
            List<String> recipients,
            long recipientCount,
            List<ReadingView> reads,
            long readCount,
            @Nullable String acknowledgedAt,
            List<TakerView> takers,
            @Nullable Boolean online,
            @Nullable String lastSeen) {
        static StoryView of(Story story, Presence presence) {
            LogStory stored = story.stored();
            String userId = stored.row().userId();
            boolean personal = !userId.equals(LogEntry.EVERY_USER);
            return new StoryView(
                    Views.LogRowView.of(stored.row()),
                    story.outcome().name().toLowerCase(Locale.ROOT),
                    stored.connections(),
                    Views.instant(stored.expiresAt()),
                    stored.collapseKey(),
                    stored.replacedBy() == null ? null : stored.replacedBy().toString(),
                    stored.recipients(),
                    stored.recipientCount(),
                    stored.reads().stream()
                            .map(r -> new ReadingView(r.userId(), Views.instant(r.readAt())))
                            .toList(),
                    stored.readCount(),
                    Views.instant(stored.acknowledgedAt()),
                    story.takers().stream().map(TakerView::of).toList(),
                    personal ? presence.isOnline(userId) : null,
                    personal ? Views.instant(presence.lastSeen(userId).orElse(null)) : null);
        }
    }

    record ReadingView(String userId, @Nullable String readAt) {}

    record TakerView(
            String userId,
            String sessionId,
            String socketId,
            String transport,
            @Nullable String takenAt) {
        static TakerView of(Story.Taker taker) {
            return new TakerView(
                    taker.userId(),
                    taker.sessionId(),
                    taker.socketId(),
                    taker.transport().wireName(),
                    Views.instant(taker.takenAt()));
        }
    }

    record PreviewView(@JsonRawValue String notification, int users, int connections) {
        static PreviewView of(Preview preview) {
            return new PreviewView(
                    new String(preview.payload(), StandardCharsets.UTF_8), preview.users(), preview.connections());
        }
    }

    record OnlineView(List<OnlineUserView> items, boolean more) {
        static OnlineView of(List<OnlineUser> users, int limit) {
            return new OnlineView(
                    users.stream().limit(limit).map(OnlineUserView::of).toList(), users.size() > limit);
        }
    }

    record OnlineUserView(String userId, List<String> roles, List<ConnectionView> connections) {
        static OnlineUserView of(OnlineUser user) {
            return new OnlineUserView(
                    user.userId(),
                    user.roles().stream().sorted().toList(),
                    user.sessions().stream().map(ConnectionView::of).toList());
        }
    }

    record ConnectionView(
            String socketId,
            String sessionId,
            String transport,
            @Nullable String connectedAt,
            List<String> rooms) {
        static ConnectionView of(SessionInfo session) {
            return new ConnectionView(
                    session.socketId(),
                    session.sessionId(),
                    session.transport().wireName(),
                    Views.instant(session.connectedAt()),
                    session.rooms().stream().sorted().toList());
        }
    }

    record FiguresView(
            @Nullable String at,
            int connections,
            Map<String, Integer> connectionsByTransport,
            int onlineUsers,
            Map<String, Integer> usersByRole,
            int sessions,
            double sends,
            double deliveries,
            @Nullable Double deliveryMsP50,
            @Nullable Double deliveryMsP99,
            Map<String, Double> errors,
            int queued,
            boolean logAvailable) {
        static FiguresView of(MetricSample figures) {
            PresenceStats presence = figures.presence();
            return new FiguresView(
                    Views.instant(figures.at()),
                    presence.connections(),
                    presence.connectionsByTransport(),
                    presence.onlineUsers(),
                    presence.usersByRole(),
                    presence.sessions(),
                    figures.sends(),
                    figures.deliveries(),
                    figures.deliveryMillisP50(),
                    figures.deliveryMillisP99(),
                    figures.errors(),
                    figures.queued(),
                    figures.logAvailable());
        }
    }
}
