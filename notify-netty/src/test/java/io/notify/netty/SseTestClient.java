package io.notify.netty;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client of Server-Sent Events (WHATWG HTML, 9.2.6). */
final class SseTestClient extends TestClient {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final InputStream stream;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    SseTestClient(int port, String path, Entry entry) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + entry.target(path, "x=y")));
        entry.headers().forEach(request::header);
        HttpResponse<InputStream> response;
        try {
            response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        stream = response.body();
        if (response.statusCode() != 200) {
            stream.close();
            throw new Refused(Integer.toString(response.statusCode()));
        }
        readBy(this::readLines);
    }

    private void readLines() throws IOException {
        String id = "";
        String event = "message";
        StringBuilder data = new StringBuilder();
        BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines.add(line);
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                event = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data.append(data.isEmpty() ? "" : "\n").append(line.substring(6));
            } else if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    JsonNode json = JSON.readTree(data.toString());
                    heard(event, json, id);
                }
                event = "message";
                data.setLength(0);
            }
        }
    }

    /** Every line so far, comments included. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    void write(String event, Object data, int ack) {
        throw new UnsupportedOperationException("nothing goes back over Server-Sent Events");
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            // gone already
        }
    }
}
