package io.notify;

import java.time.Clock;

/** The parts of a service that the handlers in {@link ClientEvent} are made from. Each handler takes only those it uses. */
record ClientEventServices(
        Clock clock,
        Authenticator authenticator,
        RoomRights roomRights,
        int maxRooms,
        PresenceBook presence,
        NotificationLog log,
        Epochs epochs,
        Replay replay,
        ReaderTasks readerTasks,
        ReadNotices readNotices) {}
