// The kinds of failure that are exceptions; everything expected is a value in a signature.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>

namespace base {

/// What has become of work that failed.
enum class Outcome {
    kNotDone,  ///< certainly nothing: it is safe to repeat
    kUnknown,  ///< it was on its way: it may or may not have been carried out
};

/// Something that this process depends on is away or overloaded, and a later attempt may succeed.
/// The web layer answers 503; with Retry-After unless it is unknown whether the request has changed
/// something. what() goes to the log and never to the client.
class Unavailable : public std::runtime_error {
public:
    explicit Unavailable(const std::string& what, Outcome outcome = Outcome::kNotDone,
                         std::chrono::seconds retry_after = std::chrono::seconds(1))
        : std::runtime_error(what), outcome_(outcome), retry_after_(retry_after) {}

    [[nodiscard]] Outcome outcome() const noexcept { return outcome_; }
    [[nodiscard]] std::chrono::seconds retry_after() const noexcept { return retry_after_; }

private:
    Outcome outcome_;
    std::chrono::seconds retry_after_;
};

/// What was asked contradicts what is stored already, such as a second row with a unique name. The
/// web layer answers 409. A mixin: libraries derive their own exceptions from it as well, so that
/// the web layer need not know them.
class Conflict {
public:
    virtual ~Conflict() = default;

protected:
    Conflict() = default;
    Conflict(const Conflict&) = default;
    Conflict& operator=(const Conflict&) = default;
};

/// The configuration cannot be used. what() lists every problem, one a line, in words for the
/// person who set the variables.
class ConfigError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace base
