package io.github.fovea.cli;

import java.lang.module.ModuleDescriptor;
import picocli.CommandLine.IVersionProvider;

/// What `--version` prints.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        ModuleDescriptor module = Main.class.getModule().getDescriptor(); // null on the class path
        String version = module != null ? module.rawVersion().orElse(null)
                : Main.class.getPackage().getImplementationVersion();
        return new String[] {
            "fovea " + (version == null ? "(development)" : version),
            "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }
}
