/// Level 2: networks by name. A name and a scale come in, a [io.github.fovea.graph.Graph] goes out.
package io.github.fovea.network;
