/// Level 3: kernels on the JDK Vector API, the only package that names `jdk.incubator.vector`. Takes what the contracts
/// of [io.github.fovea.kernel] say, gives [io.github.fovea.kernel.vector.VectorKernels#table]. Loaded by name, so that
/// the library runs where the module is absent. Some classes are expanded from `src/main/templates` at build time.
package io.github.fovea.kernel.vector;
