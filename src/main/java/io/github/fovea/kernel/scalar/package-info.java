/// Level 3: the definition of every kernel in plain Java, for any layout. Takes what the contracts of
/// [io.github.fovea.kernel] say, gives [io.github.fovea.kernel.scalar.ScalarKernels#table()]. Written to be read, not
/// to be fast: every other kernel is tested against these.
package io.github.fovea.kernel.scalar;
