//! What operations answer.

use crate::{Content, Field, Record};

/// Every record, by name.
pub const RECORDS: &[Record] = &[
    Record {
        name: "Detail",
        about: "One reason why a password or an input is refused.",
        fields: &[
            Field::always(
                "code",
                Content::Text,
                "Which reason, such as `password_too_short`.",
            ),
            Field::always(
                "message",
                Content::Text,
                "The same in English, to show to whoever typed it.",
            ),
            Field::nullable("field", Content::Text, "The argument that it is about."),
            Field::nullable(
                "minimum_length",
                Content::Number,
                "With `password_too_short`.",
            ),
            Field::nullable(
                "maximum_length",
                Content::Number,
                "With `password_too_long`.",
            ),
        ],
    },
    Record {
        name: "Event",
        about: "Something that happened.",
        fields: &[
            Field::always("id", Content::Text, "`event_` and a ULID."),
            Field::always(
                "event",
                Content::Text,
                "What happened, such as `password_reset.succeeded`.",
            ),
            Field::always(
                "data",
                Content::Anything,
                "The user, or the reset without token and url.",
            ),
            Field::always("created_at", Content::Moment, "When."),
        ],
    },
    Record {
        name: "EventCursor",
        about: "Where a page of events ends.",
        fields: &[Field::nullable(
            "after",
            Content::Text,
            "The id to give as `after` for the next page.",
        )],
    },
    Record {
        name: "EventList",
        about: "A page of events.",
        fields: &[
            Field::always(
                "data",
                Content::Records("Event"),
                "The events, oldest first.",
            ),
            Field::always(
                "list_metadata",
                Content::Record("EventCursor"),
                "Where the page ends.",
            ),
        ],
    },
    Record {
        name: "Message",
        about: "A message that is to be sent now.",
        fields: &[
            Field::always(
                "id",
                Content::Text,
                "What `message_sent` and `message_failed` take; another one each time.",
            ),
            Field::always(
                "message_id",
                Content::Text,
                "`message_` and a ULID, the same each time: what to make the mail's `Message-ID` of.",
            ),
            Field::always(
                "kind",
                Content::Text,
                "`password_reset`, `password_changed` or `email_changed`.",
            ),
            Field::always("to", Content::Text, "The address to send it to, as stored."),
            Field::always(
                "user_id",
                Content::Text,
                "The user whose account it is about.",
            ),
            Field::nullable("first_name", Content::Text, "Given name."),
            Field::nullable("name", Content::Text, "Full name."),
            Field::nullable(
                "locale",
                Content::Text,
                "Language tag, such as `de` or `pt-BR`.",
            ),
            Field::nullable(
                "url",
                Content::Secret,
                "The link, of `password_reset`. A secret.",
            ),
            Field::nullable(
                "expires_at",
                Content::Moment,
                "When the link stops working.",
            ),
            Field::nullable(
                "report_token",
                Content::Secret,
                "Of a notice: what `report_change` takes. A secret.",
            ),
            Field::always(
                "created_at",
                Content::Moment,
                "When what it tells of happened.",
            ),
            Field::always(
                "attempt",
                Content::Number,
                "How often it was given out, this time included.",
            ),
        ],
    },
    Record {
        name: "MessageList",
        about: "Messages that are to be sent now.",
        fields: &[Field::always(
            "data",
            Content::Records("Message"),
            "The messages, those first that have waited for longest.",
        )],
    },
    Record {
        name: "PasswordCheck",
        about: "The policy's verdict on a password.",
        fields: &[
            Field::always("acceptable", Content::Flag, "Whether it may be chosen."),
            Field::always(
                "errors",
                Content::Records("Detail"),
                "Every rule that it breaks.",
            ),
        ],
    },
    Record {
        name: "PasswordReset",
        about: "A password reset with its token and url.",
        fields: &[
            Field::always("id", Content::Text, "`password_reset_` and a ULID."),
            Field::always(
                "user_id",
                Content::Text,
                "The user whose password it resets.",
            ),
            Field::always(
                "email",
                Content::Text,
                "The user's address, as stored: the only recipient.",
            ),
            Field::always(
                "password_reset_token",
                Content::Secret,
                "The token: 43 characters of base64url. A secret.",
            ),
            Field::always(
                "password_reset_url",
                Content::Secret,
                "The link: `reset_url` with the token. A secret.",
            ),
            Field::always(
                "expires_at",
                Content::Moment,
                "When the token stops working.",
            ),
            Field::always("created_at", Content::Moment, "When it was made."),
        ],
    },
    Record {
        name: "Purged",
        about: "How many rows were removed.",
        fields: &[
            Field::always("password_resets", Content::Number, "Resets removed."),
            Field::always("events", Content::Number, "Events removed."),
            Field::always(
                "requests",
                Content::Number,
                "Counted requests and failed logins removed.",
            ),
        ],
    },
    Record {
        name: "TokenCheck",
        about: "Whether a token can be used, and until when.",
        fields: &[
            Field::always(
                "usable",
                Content::Flag,
                "Whether `reset_password` would take it now.",
            ),
            Field::nullable(
                "expires_at",
                Content::Moment,
                "When it stops working, where it is usable.",
            ),
            Field::nullable(
                "error_code",
                Content::Text,
                "The error that `reset_password` would answer, where it is not.",
            ),
        ],
    },
    Record {
        name: "User",
        about: "A user.",
        fields: &[
            Field::always("id", Content::Text, "`user_` and a ULID."),
            Field::always(
                "email",
                Content::Text,
                "The address as typed; the only recipient of mail.",
            ),
            Field::always(
                "email_verified",
                Content::Flag,
                "Whether the user has shown that the address is theirs, for instance by a reset.",
            ),
            Field::nullable("first_name", Content::Text, "Given name."),
            Field::nullable("last_name", Content::Text, "Family name."),
            Field::nullable("name", Content::Text, "Full name."),
            Field::nullable(
                "profile_picture_url",
                Content::Text,
                "A picture. Nothing sets it yet.",
            ),
            Field::nullable(
                "last_sign_in_at",
                Content::Moment,
                "The last good login through the engine.",
            ),
            Field::nullable(
                "external_id",
                Content::Text,
                "The id that another system knows the user by.",
            ),
            Field::always("metadata", Content::Pairs, "Free text by key."),
            Field::nullable(
                "locale",
                Content::Text,
                "Language tag, such as `de` or `pt-BR`.",
            ),
            Field::nullable(
                "credentials_changed_at",
                Content::Moment,
                "When the password was set. Refuse sessions that began before it.",
            ),
            Field::always("created_at", Content::Moment, "When the user was created."),
            Field::always(
                "updated_at",
                Content::Moment,
                "When the user was last changed.",
            ),
        ],
    },
    Record {
        name: "UserCursors",
        about: "Where the neighbouring pages of a list of users begin.",
        fields: &[
            Field::nullable(
                "before",
                Content::Text,
                "The id to give as `before` for the page before.",
            ),
            Field::nullable(
                "after",
                Content::Text,
                "The id to give as `after` for the page after.",
            ),
        ],
    },
    Record {
        name: "UserList",
        about: "A page of users.",
        fields: &[
            Field::always("data", Content::Records("User"), "The users."),
            Field::always(
                "list_metadata",
                Content::Record("UserCursors"),
                "Where the neighbouring pages begin.",
            ),
        ],
    },
];
