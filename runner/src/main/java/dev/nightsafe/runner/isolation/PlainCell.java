package dev.nightsafe.runner.isolation;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.runner.local.PrivateFiles;
import dev.nightsafe.runner.process.LaunchFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A cell whose processes belong to the runner's own user. */
record PlainCell(Path folder, Path secretsFolder) implements Cell {
    private static final AtomicInteger NEXT = new AtomicInteger();

    /** Makes the cell's folders, empty, and the {@code writable} ones where they are absent. */
    static PlainCell create(Path area, Path secretsFolder, List<Path> writable) {
        KeyFile.folder(area);
        Path folder = area.resolve(PREFIX + NEXT.incrementAndGet());
        PrivateFiles.delete(folder);
        KeyFile.folder(folder.resolve("home"));
        KeyFile.folder(folder.resolve("tmp"));
        writable.forEach(PlainCell::own);
        return new PlainCell(folder, secretsFolder);
    }

    /** What another kind of isolation left to another user is made anew. */
    private static void own(Path folder) {
        try {
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)
                    && !Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(folder.getParent()))) {
                PrivateFiles.delete(folder);
            }
            KeyFile.folder(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("can't look at " + folder, e);
        }
    }

    @Override
    public List<String> wrapper() {
        return List.of();
    }

    @Override
    public void open(LaunchFrame frame) {
        frame.diesWith(ProcessHandle.current().pid());
    }

    @Override
    public String home() {
        return folder.resolve("home").toString();
    }

    @Override
    public String temporary() {
        return folder.resolve("tmp").toString();
    }

    @Override
    public String secrets() {
        return secretsFolder.toString();
    }

    @Override
    public boolean isParent() {
        return false;
    }

    @Override
    public void close() {
        PrivateFiles.delete(secretsFolder);
        PrivateFiles.delete(folder);
    }
}
