package sdktests;

/** Which users to list; null is what is not given. */
record Query(String email, String before, String after, Integer limit, boolean oldestFirst) {
    static Query ofEmail(String email) {
        return new Query(email, null, null, null, false);
    }

    static Query ofLimit(int limit) {
        return new Query(null, null, null, limit, false);
    }

    Query startingBefore(String cursor) {
        return new Query(email, cursor, after, limit, oldestFirst);
    }

    Query startingAfter(String cursor) {
        return new Query(email, before, cursor, limit, oldestFirst);
    }

    Query fromTheOldest() {
        return new Query(email, before, after, limit, true);
    }
}
