package example;

/** A request that is not looked at further. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    Refused(int status, String title) {
        super(title);
        this.status = status;
    }

    Answer answer() {
        return Answer.page(status, getMessage(), "");
    }
}
