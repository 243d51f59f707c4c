// The passwords and ids that the stories are told with.

export const FIRST_PASSWORD = 'a long walk by the sea';
export const SECOND_PASSWORD = 'seven green boats at dusk';
export const THIRD_PASSWORD = 'nine red kites over the hill';
export const WEAK_PASSWORD = 'tiny kettle';

export const TOO_SHORT = { code: 'password_too_short', minimum_length: 15 };

export const UNKNOWN_USER = 'user_01HZZZZZZZZZZZZZZZZZZZZZZZ';
export const UNKNOWN_RESET = 'password_reset_01HZZZZZZZZZZZZZZZZZZZZZZZ';
export const UNKNOWN_TOKEN = 'A'.repeat(43);

/** The entry of a 422 for a field that is missing or empty. */
export const missing = (field) => ({ code: `${field}_string_required`, field });
