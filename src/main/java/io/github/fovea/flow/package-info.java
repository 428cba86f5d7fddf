/// Level 5: any operator graph, as files of other programs hold them, made ready to run. Constants and nodes come in;
/// shapes are proven, order and memory planned once for all input shapes, and an executable comes out.
///
/// The way of a graph: [FlowGraph][io.github.fovea.flow.FlowGraph], of [FlowNode][io.github.fovea.flow.FlowNode]s, is
/// what a file holds. [FlowPlan][io.github.fovea.flow.FlowPlan] makes it ready, in this order:
///
/// 1. `Scopes` puts the branch of an `If` in its place where the condition is proven.
/// 2. `Analysis` finds a `Fact` for each value, its shape as expressions of the inputs' extents and perhaps its
/// elements, by the rules
///    of the operators, forward and backward to a fix-point (an `Inference` is one application of a rule).
/// 3. `Folding` joins batch normalisations with convolutions.
/// 4. `Fusion` leaves out what is constant or read by nobody and makes `PlanStep`s: a node, a `FloatProgram` of
/// element-wise
///    operations, or a node with such a program behind it.
/// 5. The steps are ordered for little memory, and `MemoryPlan` places their values in one arena.
///
/// [FlowExecutable][io.github.fovea.flow.FlowExecutable] binds a plan to a table of kernels (`StepRun` per step) and
/// runs it.
///
/// What an operator is stands in one place, the table [Operators][io.github.fovea.flow.Operators]: its class, its shape
/// rules and what makes its `Kernel`. The classes that fill the table hold the operators of a kind: `Elementwise`,
/// `Shaping`, `Moving`, `Spatial`, `Convolutions`, `Pools`, `Reductions`, `Norms`, `Products`.
package io.github.fovea.flow;
