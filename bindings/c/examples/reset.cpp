/*
 * A password reset, from the user to the login, with the wrapper in reset_password.hpp.
 *
 *   reset DATABASE [OPTIONS]
 *
 * OPTIONS is a JSON object of options of `reset_password_open`.
 */

#include <iostream>

#include "reset_password.hpp"

using reset_password::Error;
using reset_password::json;
using reset_password::UserManagement;

namespace {

void show(const Error &error)
{
    std::cout << error.code() << ": " << error.what() << "\n";
    for (const json &reason : error.errors())
        std::cout << "- " << reason.at("message").get<std::string>() << "\n";
}

std::string email_of(const json &record)
{
    return record.at("email").get<std::string>();
}

void story(const UserManagement &user_management)
{
    const json user = user_management.call("create_user", {{"email", "ada@example.com"}, {"first_name", "Ada"}});
    std::cout << "created " << email_of(user) << "\n";

    const json reset = user_management.call("create_password_reset", {{"email", "ada@example.com"}});
    // An application mails password_reset_url to the user. It comes back with the token.
    const json token = reset.at("password_reset_token");
    std::cout << "a reset for " << email_of(reset) << "\n";

    for (const char *password : {"password1", "a long walk by the sea", "a long walk by the sea"}) {
        try {
            const json confirmed =
                user_management.call("reset_password", {{"token", token}, {"new_password", password}});
            std::cout << "a new password for " << email_of(confirmed) << "\n";
        } catch (const Error &error) {
            if (error.status() != RESET_PASSWORD_STATUS_PASSWORD_REJECTED &&
                error.status() != RESET_PASSWORD_STATUS_PASSWORD_RESET_TOKEN_NOT_FOUND)
                throw;
            show(error);
        }
    }

    const json login = user_management.call(
        "authenticate_with_password", {{"email", "ada@example.com"}, {"password", "a long walk by the sea"}});
    std::cout << email_of(login) << " is logged in\n";
}

} // namespace

int main(int count, char **arguments)
{
    if (count < 2) {
        std::cerr << "usage: reset DATABASE [OPTIONS]\n";
        return 2;
    }
    try {
        json options = count > 2 ? json::parse(arguments[2]) : json::object();
        options["database_url"] = arguments[1];
        options["reset_url"] = "https://example.com/reset-password";
        story(UserManagement(options));
        return 0;
    } catch (const Error &error) {
        show(error);
        return 1;
    } catch (const json::exception &error) {
        std::cerr << error.what() << "\n";
        return 2;
    }
}
