package dev.nightsafe.runner.isolation;

import dev.nightsafe.runner.process.LaunchFrame;
import java.util.List;

/** A place where processes of one tenant run. Closing it removes what they must not leave behind. */
public interface Cell extends AutoCloseable {
    /** How the names of cells' folders begin, in their queue's folder. */
    String PREFIX = "cell-";

    /** What goes before a command to run it here. */
    List<String> wrapper();

    /** Puts into a frame what this place needs. First of all. */
    void open(LaunchFrame frame);

    /** HOME, as the process sees it; empty when the cell is made. */
    String home();

    /** TMPDIR, as the process sees it; empty when the cell is made. */
    String temporary();

    /** An empty folder for files with secrets, as the process sees it; in memory where the machine can. */
    String secrets();

    /** What goes before a command that reaches into this place from outside of it, as the user of its processes. */
    default List<String> beside() {
        return wrapper();
    }

    /**
     * Puts into a frame where {@link #secrets} is, to be started {@link #beside} this place.
     *
     * @param running the process that was started here, which must not have ended
     */
    default void reach(LaunchFrame frame, Process running) {
        open(frame);
        frame.replaceIn(secrets(), "");
    }

    /** True when the started process stays as the parent of the command, which then has other process ids. */
    boolean isParent();

    /**
     * After the process has ended: ends what it left running, removes its secrets, its home and its temporary files.
     *
     * @throws dev.nightsafe.core.problem.NightsafeException when something that it left goes on running; then nothing is
     *     removed, and no later cell has this one's identity
     */
    @Override
    void close();
}
