package io.notify.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NoteTest {
    @Test
    void itIsFoundInWhateverATransportWritesAroundIt() {
        Note note = new Note(17, -1_234_567_890_123L);
        String json = new Traffic(true, 5, 1, 0, false).body(note);

        assertThat(Note.in("42/ws/notifications,[\"note\"," + json + ",\"epoch-1\"]"))
                .isEqualTo(note);
        assertThat(Note.in("data: " + json)).isEqualTo(note);
    }

    @Test
    void whatCarriesNoFiguresIsNone() {
        assertThat(Note.in("data: {\"title\":\"Build finished\"}")).isNull();
    }

    @Test
    void aPacedOneIsDueAtItsOwnTimeWhateverCameBefore() {
        Traffic traffic = new Traffic(true, 5, 8, 20, false);

        assertThat(traffic.due(0, 1_000)).isEqualTo(1_000);
        assertThat(traffic.due(41, 1_000)).isEqualTo(1_000 + 41 * 50_000_000L);
    }
}
