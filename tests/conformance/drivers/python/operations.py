"""What the driver can be asked for."""

# Generated from bindings/api by scripts/update; changes here are lost.

OPERATIONS = [
    "close",
    "create_user",
    "get_user",
    "get_user_by_email",
    "get_user_by_external_id",
    "list_users",
    "update_user",
    "delete_user",
    "authenticate_with_password",
    "create_password_reset",
    "request_password_reset",
    "get_password_reset",
    "check_password_reset_token",
    "reset_password",
    "revoke_password_resets",
    "check_password",
    "events",
    "messages",
    "message_sent",
    "message_failed",
    "report_change",
    "unlock_user",
    "purge",
]
