/*
 * A program whose handle is a static object: it ends after main, when the main thread's own variables have ended.
 *
 *   static-owner DATABASE before|after
 *
 * It looks a user up before the end of main, or in the destructor of another static object.
 */

#include <cstring>
#include <iostream>
#include <memory>

#include "reset_password.hpp"

using reset_password::UserManagement;

namespace {

std::unique_ptr<UserManagement> users;

void find()
{
    const auto user = users->call("get_user_by_email", {{"email", "ada@example.com"}});
    std::cout << "found " << user.at("email").get<std::string>() << std::endl;
}

/* Made after the owner, so that it ends before it. */
struct Last {
    bool finds = false;

    ~Last()
    {
        if (!finds)
            return;
        try {
            find();
        } catch (const std::exception &error) {
            std::cout << error.what() << std::endl;
        }
    }
} last;

} // namespace

int main(int count, char **arguments)
{
    if (count != 3)
        return 2;
    users = std::make_unique<UserManagement>(reset_password::json{
        {"database_url", arguments[1]}, {"argon2_memory_kib", 19456}, {"argon2_iterations", 2}});
    users->call("create_user", {{"email", "ada@example.com"}, {"password", "a long walk by the sea"}});
    last.finds = std::strcmp(arguments[2], "after") == 0;
    if (!last.finds)
        find();
    return 0;
}
