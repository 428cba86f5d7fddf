package io.github.fovea.error;

/// Something this machine lacks: a program, a module, memory. Carries the remedy.
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final String remedy;

    /// Makes the exception.
    ///
    /// @param what   what is missing and how that was found
    /// @param remedy what to do, as an imperative sentence
    public UnavailableException(String what, String remedy) {
        super(what + "; " + remedy);
        this.what = what;
        this.remedy = remedy;
    }

    /// {@return what is missing and how that was found}
    public String what() {
        return what;
    }

    /// {@return what to do, as an imperative sentence}
    public String remedy() {
        return remedy;
    }
}
