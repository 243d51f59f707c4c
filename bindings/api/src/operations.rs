//! The operations, in the order in which every language documents them.

use crate::{Answer, Kind, Operation, Parameter};

const ID: Parameter = Parameter::required("id", "The id: `user_…`.");

/// Every operation on an open database.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        name: "create_user",
        about: "Makes a user.",
        details: "A password is held to the policy. A hash from another system is taken as it is, and replaced \
                  by a current one when the user signs in.",
        notes: &[],
        parameters: &[
            Parameter::required("email", "The address: at most 254 octets, 64 before the `@`.")
                .personal(),
            Parameter::optional("password", Kind::Text, "A password, held to the policy.").secret(),
            Parameter::optional(
                "password_hash",
                Kind::Text,
                "Or the hash of one, from another system; not both.",
            )
            .secret(),
            Parameter::optional(
                "email_verified",
                Kind::Flag,
                "Whether the address is known to be the user's. False by default.",
            ),
            Parameter::optional("first_name", Kind::Text, "Given name: at most 256 characters."),
            Parameter::optional("last_name", Kind::Text, "Family name: at most 256 characters."),
            Parameter::optional("name", Kind::Text, "Full name: at most 256 characters."),
            Parameter::optional(
                "external_id",
                Kind::Text,
                "The id that another system knows the user by: at most 128 visible ASCII characters, unique.",
            ),
            Parameter::optional(
                "metadata",
                Kind::Pairs,
                "At most 50 keys of at most 40 characters, values of at most 600.",
            ),
            Parameter::optional("locale", Kind::Text, "Language tag of at most 35 characters."),
            Parameter::optional(
                "created_at",
                Kind::Text,
                "When the user came to be, where another system knows: RFC 3339, 1970 to now. Now by default.",
            ),
        ],
        answer: Answer::Record("User"),
        errors: &["email_not_available", "external_id_already_used", "password_rejected", "invalid_password_hash", "password_and_password_hash_provided", "input_invalid"],
    },
    Operation {
        name: "get_user",
        about: "Reads the user with an id.",
        details: "",
        notes: &[],
        parameters: &[ID],
        answer: Answer::Record("User"),
        errors: &["user_not_found"],
    },
    Operation {
        name: "get_user_by_email",
        about: "Reads the user with an address.",
        details: "",
        notes: &[],
        parameters: &[
            Parameter::required("email", "The address, compared in its look-up form.").personal(),
        ],
        answer: Answer::Record("User"),
        errors: &["user_not_found", "input_invalid"],
    },
    Operation {
        name: "get_user_by_external_id",
        about: "Reads the user whom another system knows by an id.",
        details: "",
        notes: &[],
        parameters: &[Parameter::required(
            "external_id",
            "The id that another system knows the user by.",
        )],
        answer: Answer::Record("User"),
        errors: &["user_not_found"],
    },
    Operation {
        name: "list_users",
        about: "Reads a page of users.",
        details: "The newest come first, unless `order` says otherwise.",
        notes: &[],
        parameters: &[
            Parameter::optional("email", Kind::Text, "Only the user with this address.").personal(),
            Parameter::optional("limit", Kind::Number, "Users on a page: 1 to 100, 10 by default."),
            Parameter::optional("before", Kind::Text, "The page that ends before this user."),
            Parameter::optional("after", Kind::Text, "The page that begins after this user."),
            Parameter::optional(
                "order",
                Kind::Text,
                "By creation: `asc` oldest first, `desc` newest first, which is the default.",
            )
            .one_of(&["asc", "desc"]),
        ],
        answer: Answer::Record("UserList"),
        errors: &["input_invalid"],
    },
    Operation {
        name: "update_user",
        about: "Changes a user; what is left out stays as it is.",
        details: "An empty text clears a name, the locale or the external id. Metadata that is given replaces \
                  all of it. A new address or password ends the user's live reset.",
        notes: &[],
        parameters: &[
            ID,
            Parameter::optional(
                "email",
                Kind::Text,
                "A new address. It counts as unverified unless `email_verified` is given true with it.",
            )
            .personal(),
            Parameter::optional("password", Kind::Text, "A new password, held to the policy.")
                .secret(),
            Parameter::optional("password_hash", Kind::Text, "Or the hash of one; not both.")
                .secret(),
            Parameter::optional(
                "email_verified",
                Kind::Flag,
                "True marks the address verified; false is allowed only while it is not, or with a new address.",
            ),
            Parameter::optional("first_name", Kind::Text, "Given name; an empty text clears it."),
            Parameter::optional("last_name", Kind::Text, "Family name; an empty text clears it."),
            Parameter::optional("name", Kind::Text, "Full name; an empty text clears it."),
            Parameter::optional(
                "external_id",
                Kind::Text,
                "The id that another system knows the user by; an empty text clears it.",
            ),
            Parameter::optional("metadata", Kind::Pairs, "All of the metadata; empty clears it."),
            Parameter::optional("locale", Kind::Text, "Language tag; an empty text clears it."),
        ],
        answer: Answer::Record("User"),
        errors: &["user_not_found", "email_already_verified", "email_not_available", "external_id_already_used", "password_rejected", "invalid_password_hash", "password_and_password_hash_provided", "input_invalid"],
    },
    Operation {
        name: "delete_user",
        about: "Deletes a user with their resets.",
        details: "",
        notes: &[],
        parameters: &[ID],
        answer: Answer::Nothing,
        errors: &["user_not_found"],
    },
    Operation {
        name: "authenticate_with_password",
        about: "Checks an address and a password.",
        details: "All that is wrong with either gets one answer. After many failures in a row nothing is \
                  checked for a while. No session is issued.",
        notes: &[],
        parameters: &[
            Parameter::required("email", "The address, compared in its look-up form.").personal(),
            Parameter::required("password", "The password: at most 4,096 bytes.").secret(),
        ],
        answer: Answer::Record("User"),
        errors: &["invalid_credentials", "rate_limited", "overloaded"],
    },
    Operation {
        name: "create_password_reset",
        about: "Makes a reset for a user, for the trusted server.",
        details: "It tells whether there is such a user. An earlier reset of the user ends. For a user without a \
                  password, such as one who is invited, the token works for `first_password_lifetime`.",
        notes: &[(
            "go",
            "If the context ends during the call, the reset may exist and nobody has its link.",
        )],
        parameters: &[Parameter::required(
            "email",
            "The address of the user, compared in its look-up form.",
        )
        .personal()],
        answer: Answer::Record("PasswordReset"),
        errors: &["user_not_found", "user_locked", "input_invalid"],
    },
    Operation {
        name: "request_password_reset",
        about: "Makes a reset for whoever has an address, for a public form.",
        details: "Answer the form in the same way whatever comes of it, and send the mail later. Nothing comes \
                  of it where there is no such user, or where it was asked for too often.",
        notes: &[(
            "go",
            "The context of an HTTP request ends when the browser goes away. The reset may then exist, and nobody \
             mails its link. So give a context that does not end with the request: context.WithoutCancel(r.Context()), \
             or before Go 1.21 context.Background().",
        )],
        parameters: &[Parameter::required("email", "What was typed into the form.").personal()],
        answer: Answer::RecordOrNothing("PasswordReset"),
        errors: &["input_invalid"],
    },
    Operation {
        name: "get_password_reset",
        about: "Reads a live reset with its link.",
        details: "Only while its token can be used.",
        notes: &[],
        parameters: &[Parameter::required("id", "The id: `password_reset_…`.")],
        answer: Answer::Record("PasswordReset"),
        errors: &["password_reset_not_found"],
    },
    Operation {
        name: "check_password_reset_token",
        about: "Says whether a token can be used, and until when; nothing is changed.",
        details: "For the page behind the link, before it shows a form. It tells no more than `reset_password` would.",
        notes: &[],
        parameters: &[Parameter::required(
            "token",
            "The `token` query parameter from the password reset URL.",
        )
        .secret()],
        answer: Answer::Record("TokenCheck"),
        errors: &[],
    },
    Operation {
        name: "reset_password",
        about: "Sets a new password with the token of a reset link.",
        details: "A token works once, and success verifies the user's e-mail. A refused password leaves the \
                  token usable. End the sessions that began before the user's `credentials_changed_at`.",
        notes: &[],
        parameters: &[
            Parameter::required(
                "token",
                "The `token` query parameter from the password reset URL.",
            )
            .secret(),
            Parameter::required("new_password", "The new password to set for the user.").secret(),
        ],
        answer: Answer::Record("User"),
        errors: &["password_reset_token_not_found", "password_reset_token_expired", "password_rejected", "overloaded"],
    },
    Operation {
        name: "revoke_password_resets",
        about: "Ends the live resets of one user, or of all.",
        details: "Answers how many were ended.",
        notes: &[],
        parameters: &[Parameter::optional(
            "user_id",
            Kind::Text,
            "The user, or nothing for all users.",
        )],
        answer: Answer::Number,
        errors: &["user_not_found"],
    },
    Operation {
        name: "check_password",
        about: "Gives the policy's verdict on a password; nothing is set.",
        details: "",
        notes: &[],
        parameters: &[
            Parameter::required("password", "The password to judge.").secret(),
            Parameter::optional(
                "user_id",
                Kind::Text,
                "Whose it would be: it is then also held against their address and names.",
            ),
        ],
        answer: Answer::Record("PasswordCheck"),
        errors: &["user_not_found"],
    },
    Operation {
        name: "events",
        about: "Reads what happened, oldest first.",
        details: "Begins after the event `after`, or with the oldest.",
        notes: &[],
        parameters: &[
            Parameter::optional("after", Kind::Text, "The id of the event to begin after."),
            Parameter::optional("limit", Kind::Number, "Events on a page: 1 to 100."),
        ],
        answer: Answer::Record("EventList"),
        errors: &["input_invalid"],
    },
    Operation {
        name: "messages",
        about: "Takes messages that are to be sent now, for a mailer.",
        details: "Needs the option `messages`. Each is held for 5 minutes by whoever was given it: say what became of it by \
                  `message_sent` or `message_failed`, or it is given out again. Send each to its `to`, with a \
                  `Message-ID` made of its `message_id`, which stays the same.",
        notes: &[],
        parameters: &[Parameter::optional(
            "limit",
            Kind::Number,
            "Most messages that are taken: 1 to 100, 10 by default.",
        )],
        answer: Answer::Record("MessageList"),
        errors: &["input_invalid", "config_invalid"],
    },
    Operation {
        name: "message_sent",
        about: "Removes a message that was sent.",
        details: "Refused with `id_unknown` when there is no such message any more, or another holds it by now; there is \
                  nothing to be done about that.",
        notes: &[],
        parameters: &[Parameter::required(
            "id",
            "The message's `id`, as it was given out this time.",
        )],
        answer: Answer::Nothing,
        errors: &["input_invalid", "config_invalid"],
    },
    Operation {
        name: "message_failed",
        about: "Gives a message back that could not be sent.",
        details: "It is given out again after 10 seconds, 1, 5, 15 and 60 minutes, then every 4 hours: a link until it \
                  stops working, a notice for a day.",
        notes: &[],
        parameters: &[Parameter::required(
            "id",
            "The message's `id`, as it was given out this time.",
        )],
        answer: Answer::Nothing,
        errors: &["input_invalid", "config_invalid"],
    },
    Operation {
        name: "report_change",
        about: "Says that a change was not the owner's, by the token of the notice that told of it.",
        details: "Nobody knows the password any more, and links end; end the sessions that began before the user's \
                  `credentials_changed_at`. A new link is sent if the address is still the account's. If not, the account \
                  is locked: no link is made for it until `unlock_user`, or until an address is set. A token works once, \
                  for 7 days.",
        notes: &[],
        parameters: &[
            Parameter::required("token", "The notice's `report_token`.").secret(),
            Parameter::required("email", "The address that the notice was sent to, typed by its reader.")
                .personal(),
        ],
        answer: Answer::Record("User"),
        errors: &["input_invalid", "overloaded"],
    },
    Operation {
        name: "unlock_user",
        about: "Has links made again for a user who was locked out by `report_change`.",
        details: "Make sure first that the account's address is its owner's.",
        notes: &[],
        parameters: &[ID],
        answer: Answer::Nothing,
        errors: &["user_not_found"],
    },
    Operation {
        name: "purge",
        about: "Removes what is dead and old.",
        details: "Of each kind go at most `limit` rows; call it again while it removes as many.",
        notes: &[],
        parameters: &[Parameter::optional(
            "limit",
            Kind::Number,
            "Most rows of each kind that go: 1 to 10,000.",
        )],
        answer: Answer::Record("Purged"),
        errors: &["input_invalid"],
    },
];
