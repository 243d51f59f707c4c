/* Users and their password resets for C++17: the C library with owners, exceptions and nlohmann::json. */

#ifndef RESET_PASSWORD_HPP
#define RESET_PASSWORD_HPP

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>
#include <reset_password.h>

namespace reset_password {

using json = nlohmann::json;

/* An operation that failed. `what()` is its message. */
class Error : public std::runtime_error {
public:
    Error(ResetPasswordStatus status, const json &info)
        : std::runtime_error(info.is_object() ? info.value("message", "") : "no answer"), status_(status),
          info_(info.is_object() ? info : json::object())
    {
    }

    ResetPasswordStatus status() const noexcept { return status_; }
    std::string code() const { return info_.value("code", ""); }
    json errors() const { return info_.value("errors", json::array()); }
    bool retryable() const { return info_.value("retryable", false); }

private:
    ResetPasswordStatus status_;
    json info_;
};

/* An answer, wiped and given back at the end of its life. */
class Buffer {
public:
    Buffer() = default;
    Buffer(const Buffer &) = delete;
    Buffer &operator=(const Buffer &) = delete;
    ~Buffer() { reset_password_buffer_free(&buffer_); }

    ResetPasswordBuffer *out() noexcept { return &buffer_; }
    json read() const { return buffer_.data ? json::parse(buffer_.data, buffer_.data + buffer_.length) : json(); }

private:
    ResetPasswordBuffer buffer_ = {nullptr, 0};
};

class UserManagement {
public:
    explicit UserManagement(const json &arguments)
    {
        Buffer answer;
        ResetPasswordUserManagement *opened = nullptr;
        const std::string text = arguments.dump();
        const auto status = reset_password_open(text.data(), text.size(), &opened, answer.out());
        handle_.reset(opened);
        if (status != RESET_PASSWORD_STATUS_OK)
            throw Error(status, answer.read());
    }

    json call(const char *operation, const json &arguments = json::object()) const
    {
        Buffer answer;
        const std::string text = arguments.dump();
        const auto status = reset_password_call(handle_.get(), operation, text.data(), text.size(), answer.out());
        if (status != RESET_PASSWORD_STATUS_OK)
            throw Error(status, answer.read());
        return answer.read();
    }

    void close() const { reset_password_close(handle_.get()); }

private:
    struct Free {
        void operator()(ResetPasswordUserManagement *handle) const { reset_password_free(handle); }
    };
    std::unique_ptr<ResetPasswordUserManagement, Free> handle_;
};

} // namespace reset_password

#endif
