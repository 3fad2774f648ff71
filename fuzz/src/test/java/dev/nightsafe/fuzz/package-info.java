/** What all fuzz tests hold their parser to. */
@NullMarked
package dev.nightsafe.fuzz;

import org.jspecify.annotations.NullMarked;
