/** What tests share: seeds, clocks, and peers that they start. */
@NullMarked
package dev.nightsafe.testkit;

import org.jspecify.annotations.NullMarked;
