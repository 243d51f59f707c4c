//! The operations, in the order in which every language documents them.

use crate::{Answer, Kind, Operation, Parameter};

const ID: Parameter = Parameter::required("id", "The id: `user_…`.");

/// Every operation on an open database.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        name: "create_user",
        about: "Makes a user.",
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
        ],
        answer: Answer::Record("User"),
    },
    Operation {
        name: "get_user",
        about: "Reads the user with an id.",
        parameters: &[ID],
        answer: Answer::Record("User"),
    },
    Operation {
        name: "get_user_by_email",
        about: "Reads the user with an address.",
        parameters: &[
            Parameter::required("email", "The address, compared in its look-up form.").personal(),
        ],
        answer: Answer::Record("User"),
    },
    Operation {
        name: "get_user_by_external_id",
        about: "Reads the user whom another system knows by an id.",
        parameters: &[Parameter::required(
            "external_id",
            "The id that another system knows the user by.",
        )],
        answer: Answer::Record("User"),
    },
    Operation {
        name: "list_users",
        about: "Reads a page of users.",
        parameters: &[
            Parameter::optional("email", Kind::Text, "Only the user with this address.").personal(),
            Parameter::optional("limit", Kind::Number, "Users on a page: 1 to 100, 10 by default."),
            Parameter::optional("before", Kind::Text, "The page that ends before this user."),
            Parameter::optional("after", Kind::Text, "The page that begins after this user."),
            Parameter::optional(
                "order",
                Kind::Text,
                "By creation: `asc` oldest first, `desc` newest first, which is the default.",
            ),
        ],
        answer: Answer::Record("UserList"),
    },
    Operation {
        name: "update_user",
        about: "Changes a user; what is left out stays as it is.",
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
    },
    Operation {
        name: "delete_user",
        about: "Deletes a user with their resets.",
        parameters: &[ID],
        answer: Answer::Nothing,
    },
    Operation {
        name: "authenticate_with_password",
        about: "Checks an address and a password.",
        parameters: &[
            Parameter::required("email", "The address, compared in its look-up form.").personal(),
            Parameter::required("password", "The password: at most 4,096 bytes.").secret(),
        ],
        answer: Answer::Record("User"),
    },
    Operation {
        name: "create_password_reset",
        about: "Makes a reset for a user, for the trusted server.",
        parameters: &[Parameter::required(
            "email",
            "The address of the user, compared in its look-up form.",
        )
        .personal()],
        answer: Answer::Record("PasswordReset"),
    },
    Operation {
        name: "request_password_reset",
        about: "Makes a reset for whoever has an address, for a public form.",
        parameters: &[Parameter::required("email", "What was typed into the form.").personal()],
        answer: Answer::RecordOrNothing("PasswordReset"),
    },
    Operation {
        name: "get_password_reset",
        about: "Reads a live reset with its link.",
        parameters: &[Parameter::required("id", "The id: `password_reset_…`.")],
        answer: Answer::Record("PasswordReset"),
    },
    Operation {
        name: "reset_password",
        about: "Sets a new password with the token of a reset link.",
        parameters: &[
            Parameter::required(
                "token",
                "The `token` query parameter from the password reset URL.",
            )
            .secret(),
            Parameter::required("new_password", "The new password to set for the user.").secret(),
        ],
        answer: Answer::Record("User"),
    },
    Operation {
        name: "revoke_password_resets",
        about: "Ends the live resets of one user, or of all.",
        parameters: &[Parameter::optional(
            "user_id",
            Kind::Text,
            "The user, or nothing for all users.",
        )],
        answer: Answer::Number,
    },
    Operation {
        name: "check_password",
        about: "Gives the policy's verdict on a password; nothing is set.",
        parameters: &[
            Parameter::required("password", "The password to judge.").secret(),
            Parameter::optional(
                "user_id",
                Kind::Text,
                "Whose it would be: it is then also held against their address and names.",
            ),
        ],
        answer: Answer::Record("PasswordCheck"),
    },
    Operation {
        name: "events",
        about: "Reads what happened, oldest first.",
        parameters: &[
            Parameter::optional("after", Kind::Text, "The id of the event to begin after."),
            Parameter::optional("limit", Kind::Number, "Events on a page: 1 to 100."),
        ],
        answer: Answer::Record("EventList"),
    },
    Operation {
        name: "purge",
        about: "Removes what is dead and old.",
        parameters: &[Parameter::optional(
            "limit",
            Kind::Number,
            "Most rows of each kind that go: 1 to 10,000.",
        )],
        answer: Answer::Record("Purged"),
    },
];
