package dev.nightsafe.keeper.keys;

/** The master key isn't the one that the stored opening keys are wrapped under. */
public final class WrongMasterKey extends RuntimeException {
    WrongMasterKey(int version) {
        super("the master key is not the one that keys.db was made with (version " + version
                + "): bring back the right key, or start with an empty data folder");
    }
}
