package dev.nightsafe.cli.runner;

import dev.nightsafe.cli.platform.Terminal;
import dev.nightsafe.cli.platform.Text;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Shows the ends of files and, when told to, what is added to them. Control characters are shown as text. */
final class Tail {
    private static final int BLOCK = 64 * 1024;
    private static final long PAUSE_MILLIS = 200;

    private final Terminal terminal;
    private final Supplier<List<Path>> files;
    private final Map<Path, Long> shownUpTo = new HashMap<>();
    private Path last = Path.of("");

    /** @param files asked again while following, because new ones come */
    Tail(Terminal terminal, Supplier<List<Path>> files) {
        this.terminal = terminal;
        this.files = files;
    }

    /** The last lines of each file. */
    void show(int lines) {
        files.get().forEach(file -> {
            long start = startOfLastLines(file, lines);
            shownUpTo.put(file, start);
            showNew(file);
        });
    }

    /** What is there now counts as shown. */
    void skip() {
        files.get().forEach(file -> shownUpTo.put(file, file.toFile().length()));
    }

    /** Until the process is told to stop. */
    void follow() {
        while (!Thread.currentThread().isInterrupted()) {
            files.get().forEach(this::showNew);
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void showNew(Path file) {
        long from = shownUpTo.getOrDefault(file, 0L);
        if (!file.toFile().exists()) {
            return; // just being begun anew
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long size = in.length();
            if (size == from) {
                return;
            }
            in.seek(size < from ? 0 : from); // shorter than before: it was begun anew
            title(file);
            byte[] block = new byte[BLOCK];
            int length;
            while ((length = in.read(block)) > 0) {
                terminal.out().print(Text.lines(new String(block, 0, length, StandardCharsets.UTF_8)));
            }
            terminal.out().flush();
            shownUpTo.put(file, in.getFilePointer());
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }

    private void title(Path file) {
        if (!file.equals(last) && files.get().size() > 1) {
            terminal.out().println(terminal.style().faint("==> " + file.getFileName() + " <=="));
        }
        last = file;
    }

    private static long startOfLastLines(Path file, int lines) {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long size = in.length();
            byte[] block = new byte[(int) Math.min(size, BLOCK * 16L)];
            long start = size - block.length;
            in.seek(start);
            in.readFully(block);
            int seen = 0;
            for (int i = block.length - 2; i >= 0; i--) {
                if (block[i] == '\n' && ++seen == lines) {
                    return start + i + 1;
                }
            }
            return start;
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }
}
