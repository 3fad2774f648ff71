package dev.nightsafe.runner.isolation;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.runner.local.PrivateFiles;
import dev.nightsafe.runner.process.LaunchFrame;
import java.nio.file.Path;
import java.util.List;

/** {@code none}: a worker can reach what its runner can. It still has its own folders and ends with its runner. */
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
    public Cell cell(Path area, int tenant, List<Path> readable, List<Path> writable) {
        writable.forEach(KeyFile::folder);
        Path home = KeyFile.folder(area.resolve("home-" + tenant));
        Path temporary = area.resolve("tmp-" + tenant);
        PrivateFiles.delete(temporary);
        KeyFile.folder(temporary);
        return new SharedUser(home, temporary, secretFolders.create());
    }

    @Override
    public boolean keepsFromMetadata() {
        return false;
    }

    @Override
    public void close() {
        // Nothing of the machine was changed.
    }

    private record SharedUser(Path homeFolder, Path temporaryFolder, Path secretsFolder) implements Cell {
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
            return homeFolder.toString();
        }

        @Override
        public String temporary() {
            return temporaryFolder.toString();
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
            PrivateFiles.delete(temporaryFolder);
        }
    }
}
