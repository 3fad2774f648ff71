package dev.nightsafe.runner.isolation;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.runner.local.PrivateFiles;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code none}: a worker can reach what its runner can, and prepare anything for the next one. It still has its own
 * folders and ends with its runner.
 */
public final class Unconfined implements Isolation {
    private final SecretFolders secretFolders;

    public Unconfined(Path folder) {
        secretFolders = new SecretFolders(folder);
    }

    @Override
    public String name() {
        return "none";
    }

    @Override
    public Path workersFolder(Path wanted) {
        return KeyFile.folder(wanted);
    }

    @Override
    public Cell cell(Path area, Tenant tenant, List<Path> readable, List<Path> writable) {
        return PlainCell.create(area, secretFolders.create(), writable);
    }

    @Override
    public void seal(Path area, Path folder) {
        // Whoever runs here could take that back.
    }

    @Override
    public void discard(Path folder) {
        PrivateFiles.delete(folder);
    }

    @Override
    public boolean keepsFromMetadata() {
        return false;
    }

    @Override
    public void close() {
        secretFolders.close();
    }
}
