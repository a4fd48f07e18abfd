package io.notify.netty.engineio;

/** Writes the first packet of a session. Pure. */
final class OpenPacket {
    private OpenPacket() {}

    /** @param sid of URL-safe characters only, so that nothing needs an escape */
    static EncodedPacket of(String sid, boolean webSocket, EngineSettings settings) {
        return EncodedPacket.control("0{\"sid\":\"" + sid + "\",\"upgrades\":" + (webSocket ? "[]" : "[\"websocket\"]")
                + ",\"pingInterval\":" + settings.pingInterval().toMillis()
                + ",\"pingTimeout\":" + settings.pingTimeout().toMillis()
                + ",\"maxPayload\":" + settings.maxPayload() + "}");
    }
}
