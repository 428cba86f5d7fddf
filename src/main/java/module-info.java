/// Adaptive super-resolution for the JVM.
///
/// Only the root package is API; every other package is internal and may change in any release.
module io.github.fovea {
    requires transitive java.desktop;
    requires jdk.jfr;
    requires jdk.management;
    requires org.joml;
    requires org.joml.primitives;
    requires com.fasterxml.jackson.core;

    // Optional: the command line needs picocli, ONNX files need protobuf-java, reports need XChart, fast kernels
    // need the Vector API (java --add-modules jdk.incubator.vector); without it the scalar kernels run.
    requires static info.picocli;
    requires static com.google.protobuf;
    requires static org.knowm.xchart;
    requires static jdk.incubator.vector;

    exports io.github.fovea;

    opens io.github.fovea.cli to info.picocli;
}
