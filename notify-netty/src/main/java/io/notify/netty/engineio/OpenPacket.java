package io.notify.netty.engineio;

/** Encodes the first packet of a session. Stateless. */
final class OpenPacket {
    private OpenPacket() {}

    /** @param sid URL-safe characters only, which need no escape in JSON */
    static EncodedPacket of(String sid, boolean webSocket, EngineSettings settings) {
        return EncodedPacket.control("0{\"sid\":\"" + sid + "\",\"upgrades\":" + (webSocket ? "[]" : "[\"websocket\"]")
                + ",\"pingInterval\":" + settings.pingInterval().toMillis()
                + ",\"pingTimeout\":" + settings.pingTimeout().toMillis()
                + ",\"maxPayload\":" + settings.maxPayload() + "}");
    }
}
