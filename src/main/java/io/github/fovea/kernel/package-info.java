/// Level 2: contracts of the kernels, one interface per operation, and the [io.github.fovea.kernel.KernelTable] that
/// holds one implementation of each. The scalar implementations are the definition; every other one is tested against
/// them.
package io.github.fovea.kernel;
