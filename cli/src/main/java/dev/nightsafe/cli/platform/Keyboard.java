package dev.nightsafe.cli.platform;

import java.io.Console;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** The person at the terminal. */
public interface Keyboard {
    /** False when standard input or output is no terminal; then nothing may be asked. */
    boolean isPresent();

    /** Asks for a line without echo. Whoever asks wipes the answer. Null at the end of input. */
    char @Nullable [] readHidden(String prompt);

    /** Asks for a line. Null at the end of input. */
    @Nullable
    String readLine(String prompt);

    /** How the terminal's bytes become characters. */
    Charset charset();

    /** The terminal of this process. */
    static Keyboard ofProcess() {
        return new Keyboard() {
            @Override
            public boolean isPresent() {
                Console console = System.console();
                return console != null && console.isTerminal();
            }

            @Override
            public char @Nullable [] readHidden(String prompt) {
                return System.console().readPassword("%s", prompt);
            }

            @Override
            public @Nullable String readLine(String prompt) {
                return System.console().readLine("%s", prompt);
            }

            @Override
            public Charset charset() {
                return System.console().charset();
            }
        };
    }
}
