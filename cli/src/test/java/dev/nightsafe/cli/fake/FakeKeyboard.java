package dev.nightsafe.cli.fake;

import dev.nightsafe.cli.platform.Keyboard;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Someone who types given answers; nobody when there are none from the start. */
public final class FakeKeyboard implements Keyboard {
    private final Deque<String> answers;
    private final boolean present;
    private final PrintStream screen;
    private final Charset charset;
    private final List<char[]> handedOut = new ArrayList<>();

    public FakeKeyboard(PrintStream screen, String... answers) {
        this(screen, StandardCharsets.UTF_8, answers);
    }

    public FakeKeyboard(PrintStream screen, Charset charset, String... answers) {
        this.answers = new ArrayDeque<>(List.of(answers));
        this.present = answers.length > 0;
        this.screen = screen;
        this.charset = charset;
    }

    @Override
    public boolean isPresent() {
        return present;
    }

    @Override
    public char @Nullable [] readHidden(String prompt) {
        String answer = readLine(prompt);
        if (answer == null) {
            return null;
        }
        char[] typed = answer.toCharArray();
        handedOut.add(typed);
        return typed;
    }

    @Override
    public @Nullable String readLine(String prompt) {
        screen.println(prompt);
        return answers.poll();
    }

    @Override
    public Charset charset() {
        return charset;
    }

    /** What was typed without echo, as it is in memory now. */
    public List<char[]> handedOut() {
        return handedOut;
    }
}
