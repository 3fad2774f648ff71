package dev.nightsafe.runner.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedactedLinesTest {
    private static final String MASK = "********";

    private final LinkedBlockingQueue<String> taken = new LinkedBlockingQueue<>();
    private final Redactor redactor = redactor("correct-horse-battery", "-----BEGIN K-----\nMIIBOgIBAAJBAK\nQ==\n");
    private final RedactedLines lines = lines(redactor);

    @AfterEach
    void close() {
        lines.close();
        redactor.close();
    }

    @Test
    void a_value_over_two_lines_is_masked_in_both() {
        add("the password is correct-h", "orse-battery, well");
        assertThat(all()).containsExactly("the password is " + MASK + ", well");
    }

    @Test
    void a_value_of_several_lines_is_masked_with_its_shortest_line() {
        add("key:", "-----BEGIN K-----", "MIIBOgIBAAJBAK", "Q==", "end");
        assertThat(all()).containsExactly("key:", MASK, "end");
    }

    @Test
    void lines_come_one_by_one_as_they_were() {
        add("one", "", "  two  ");
        assertThat(all()).containsExactly("one", "", "  two  ");
    }

    @Test
    void a_line_after_which_nothing_comes_is_passed_on_by_itself() throws InterruptedException {
        add("alone");
        assertThat(taken.poll(1, TimeUnit.MINUTES)).isEqualTo("alone");
    }

    @Test
    void what_follows_a_line_that_was_passed_on_is_still_seen_as_its_end() throws InterruptedException {
        add("correct-ho");
        assertThat(taken.poll(1, TimeUnit.MINUTES)).isEqualTo("correct-ho");
        add("rse-battery.");
        assertThat(all()).containsExactly(MASK + ".");
    }

    @Test
    void nothing_is_taken_once_it_is_closed() {
        lines.close();
        add("too late");
        assertThat(all()).isEmpty();
    }

    @Test
    void a_flood_of_lines_arrives_whole_and_in_order() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            add("line " + i + " correct-horse-battery");
            expected.add("line " + i + " " + MASK);
        }
        assertThat(all()).isEqualTo(expected);
    }

    private RedactedLines lines(Redactor known) {
        return new RedactedLines(known, line -> taken.add(new String(line, StandardCharsets.UTF_8)));
    }

    private void add(String... added) {
        for (String line : added) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            lines.add(bytes, 0, bytes.length);
        }
    }

    private List<String> all() {
        lines.close();
        return List.copyOf(taken);
    }

    static Redactor redactor(String... values) {
        List<SecretBytes> secrets = new ArrayList<>();
        for (String value : values) {
            secrets.add(SecretBytes.takeFrom(value.getBytes(StandardCharsets.UTF_8)));
        }
        return Redactor.of(secrets);
    }
}
