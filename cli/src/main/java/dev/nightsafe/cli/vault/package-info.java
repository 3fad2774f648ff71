/** Vaults and their secrets: depositing, listing, releasing. */
@NullMarked
package dev.nightsafe.cli.vault;

import org.jspecify.annotations.NullMarked;
